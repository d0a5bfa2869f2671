import { hash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from '@vcc-pki/x509';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { type GlobalOptions, pkiDirectory } from '../global-options.ts';
import { type DerKind, derOf } from '../pki-objects/pki-object.ts';
import { type InputFile, readInput } from '../pki-objects/read-input.ts';

/** The files that a path is judged by. */
export interface EvidenceOptions extends GlobalOptions {
  readonly untrusted?: readonly string[];
  readonly crl?: readonly string[];
  readonly ocsp?: readonly string[];
}

/** What they hold, all in DER. */
export interface Evidence {
  readonly endEntity: Uint8Array;
  readonly intermediates: readonly Uint8Array[];
  readonly trustAnchors: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  /** The first file that a certificate was found in. */
  readonly fileOf: (certificate: Certificate) => string;
}

/**
 * Reads everything that was named on the command line. What stands behind the first certificate of `file`, as in a
 * fullchain.pem, may help to find the path like what `--untrusted` names.
 * @throws {@link CliError} `fileUnreadable`; `usage` when there is no root to trust
 */
export async function readEvidence(file: string, options: EvidenceOptions, context: CliContext): Promise<Evidence> {
  const read = (path: string, kind: DerKind): Promise<Found> => readKind(path, kind, context);
  const readAll = (paths: readonly string[] = [], kind: DerKind): Promise<Found[]> =>
    Promise.all(paths.map((path) => read(path, kind)));
  const [leaf, roots, untrusted, crls, ocspResponses] = await Promise.all([
    read(file, 'certificate'),
    trustedFile(options, context).then((path) => read(path, 'certificate')),
    readAll(options.untrusted, 'certificate'),
    readAll(options.crl, 'certificateList'),
    readAll(options.ocsp, 'ocspResponse'),
  ]);
  const [endEntity, ...further] = leaf.found as [Uint8Array, ...Uint8Array[]];
  return {
    endEntity,
    intermediates: [...further, ...untrusted.flatMap(({ found }) => found)],
    trustAnchors: roots.found,
    crls: crls.flatMap(({ found }) => found),
    ocspResponses: ocspResponses.flatMap(({ found }) => found),
    fileOf: fileFinder([leaf, ...untrusted, roots]),
  };
}

/** What a file holds of the kind that it was named for: at least one. */
interface Found {
  readonly name: string;
  readonly found: readonly Uint8Array[];
}

const words: Readonly<Partial<Record<DerKind, string>>> = {
  certificate: 'certificate',
  certificateList: 'CRL',
  ocspResponse: 'OCSP response',
};

async function readKind(path: string, kind: DerKind, context: CliContext): Promise<Found> {
  const { name, objects }: InputFile = await readInput(path, context);
  const found = derOf(objects, kind);
  if (found.length > 0) return { name, found };
  throw new CliError('fileUnreadable', `${name} holds no ${words[kind] ?? kind}`, {
    advice: `"vcc-pki inspect ${path}" shows what it holds.`,
  });
}

/** `--ca`, or the root of the PKI in `--dir`. */
async function trustedFile(options: GlobalOptions, context: CliContext): Promise<string> {
  if (options.ca !== undefined) return options.ca;
  const root = join(pkiDirectory(options, context), 'root_ca.pem');
  try {
    await access(root);
    return root;
  } catch (cause) {
    throw new CliError('usage', 'there is no root to trust', {
      advice: `Name its certificate with --ca, or with --dir the folder of a PKI; there is no ${root}.`,
      cause,
    });
  }
}

function fileFinder(files: readonly Found[]): (certificate: Certificate) => string {
  const nameByFingerprint = new Map<string, string>();
  for (const { name, found } of files.toReversed()) {
    for (const der of found) nameByFingerprint.set(hash('sha256', der), name);
  }
  return ({ der }) => nameByFingerprint.get(hash('sha256', der)) ?? '';
}
