import { type KeyObject, randomUUID } from 'node:crypto';
import type { CertificateResource, OperationId } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { signCertificateRequest } from '@vcc-pki/signer';
import type { ApiConnection } from '../api/api-connection.ts';
import { ServerRefusal } from '../api/server-refusal.ts';
import { ClientError } from '../client-error.ts';
import type { CertificateFiles } from '../files/certificate-files.ts';
import type { CertificatePaths } from '../files/certificate-paths.ts';
import type { PendingRequest } from '../files/pending-request.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { checkArrived } from './check-arrived.ts';

/** A certificate to be had, and the files it goes to. */
export interface CertificateWish {
  readonly files: CertificateFiles;
  readonly operation: Extract<OperationId, 'requestCertificate' | 'renewCertificate' | 'enrol'>;
  readonly params?: Readonly<Record<string, string>>;
  /** Members of the body beside `csr`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Common name of the CSR; without it the server chooses. */
  readonly commonName?: string | undefined;
  /** What kind of key, as text: it belongs to what is asked for. */
  readonly keyDescription: string;
  /** Makes the key, or reads the one to keep. */
  readonly makeKey: () => Promise<KeyObject>;
  /** Whether a pair that is there already may give way; it is kept in `previous/`. */
  readonly mayReplace: boolean;
}

/** A certificate that was had. */
export interface Obtained {
  readonly certificate: CertificateResource;
  readonly files: CertificatePaths;
  /** An earlier run that did not come to its end was finished. */
  readonly resumed: boolean;
  /** An earlier run that did not come to its end had asked for something else; its key is gone. */
  readonly forgotEarlier: boolean;
  /** The pair before is in `previous/`. */
  readonly keptPrevious: boolean;
}

/**
 * Makes a key, asks for its certificate and writes both to their files, so that it can be interrupted at any moment and
 * simply be run again.
 * @throws {@link ClientError} `fileExists`, `badAnswer`, `busy`, `fileUnwritable`; ServerRefusal
 */
export async function obtainCertificate(connection: ApiConnection, wish: CertificateWish): Promise<Obtained> {
  const { files } = wish;
  const left = await files.loadPending();
  const found = left?.wish === textOf(connection, wish) ? left : undefined;
  const forgotEarlier = left !== undefined && found === undefined;
  if (forgotEarlier && !(await files.finish())) await files.removePending();
  const installing = found !== undefined && (await readIfThere(files.paths.key)) === found.keyPem;
  if (!wish.mayReplace && !installing) await checkNothingThere(files.paths);
  const pending = found ?? (await preparePending(connection, wish));
  const certificate = await send(connection, wish, pending);
  checkArrived(certificate, pending.keyPem, connection.trustedPem);
  const keptPrevious = await files.install(pending, {
    key: pending.keyPem,
    cert: certificate.certificate_pem,
    fullchain: certificate.certificate_pem + certificate.chain_pem,
    rootCa: connection.trustedPem,
    metadata: metadataText(certificate, connection.origin),
  });
  return { certificate, files: files.paths, resumed: found !== undefined, forgotEarlier, keptPrevious };
}

async function checkNothingThere({ key, cert }: CertificatePaths): Promise<void> {
  for (const path of [key, cert]) {
    if ((await readIfThere(path)) === undefined) continue;
    throw new ClientError('fileExists', `${path} exists and is not overwritten`, {
      advice: 'Renew the certificate, or choose other files.',
    });
  }
}

async function preparePending(connection: ApiConnection, wish: CertificateWish): Promise<PendingRequest> {
  const key = await wish.makeKey();
  const subject = wish.commonName === undefined ? [] : [{ type: 'commonName', value: wish.commonName } as const];
  const csr = encodePem('CERTIFICATE REQUEST', await signCertificateRequest(key, subject));
  const pending: PendingRequest = {
    wish: textOf(connection, wish),
    idempotencyKey: randomUUID(),
    body: JSON.stringify({ ...wish.members, csr }),
    keyPem: key.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
  await wish.files.savePending(pending);
  return pending;
}

async function send(
  connection: ApiConnection,
  wish: CertificateWish,
  pending: PendingRequest,
): Promise<CertificateResource> {
  try {
    return await connection.call<CertificateResource>(wish.operation, {
      ...(wish.params && { params: wish.params }),
      body: pending.body,
      headers: { 'idempotency-key': pending.idempotencyKey },
    });
  } catch (error) {
    // Refused for good: there is no certificate, so the key has no use.
    if (error instanceof ServerRefusal && error.isFinal) {
      await wish.files.removePending();
      await wish.files.removeFolderIfEmpty();
    }
    throw error;
  }
}

function textOf({ origin }: ApiConnection, wish: CertificateWish): string {
  const { operation, params, members, commonName, keyDescription } = wish;
  return JSON.stringify([origin, operation, params ?? {}, members, commonName ?? null, keyDescription]);
}

function metadataText(certificate: CertificateResource, server: string): string {
  const { certificate_pem: _certificate, chain_pem: _chain, ...facts } = certificate;
  return `${JSON.stringify({ ...facts, server }, null, 2)}\n`;
}
