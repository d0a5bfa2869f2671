import { type KeyObject, randomUUID } from 'node:crypto';
import type { CertificateResource, OperationId } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { SignerError, signCertificateRequest } from '@vcc-pki/signer';
import { CliError } from '../cli-error.ts';
import type { ApiClient } from '../connection/api-client.ts';
import { ServerRefusal } from '../connection/server-refusal.ts';
import { checkCertificate } from './check-certificate.ts';
import { loadPending, type PendingRequest, removeIfEmpty, removePending, savePending } from './pending-request.ts';
import { keepPrevious, readIfThere, type ServiceFiles, serviceFiles, writeServiceFiles } from './service-folder.ts';

/** A certificate to be had, and the folder it goes to. */
export interface CertificateWish {
  readonly folder: string;
  readonly operation: Extract<OperationId, 'requestCertificate' | 'renewCertificate'>;
  readonly params?: Readonly<Record<string, string>>;
  /** Members of the body beside `csr`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Common name of the CSR; without it the server chooses. */
  readonly commonName: string | undefined;
  /** What kind of key, as text: it belongs to what is asked for. */
  readonly keyDescription: string;
  /** Makes the key, or reads the one to keep. */
  readonly makeKey: () => Promise<KeyObject>;
  /** Whether a pair that is in the folder already may give way; it is kept in `previous/`. */
  readonly mayReplace: boolean;
}

/** A certificate that was had. */
export interface Obtained {
  readonly certificate: CertificateResource;
  readonly files: ServiceFiles;
  /** An earlier run that did not come to its end was finished. */
  readonly resumed: boolean;
  /** An earlier run that did not come to its end had asked for something else; its key is gone. */
  readonly forgotEarlier: boolean;
  /** The pair before is in `previous/`. */
  readonly keptPrevious: boolean;
}

/**
 * Makes a key, asks for its certificate and writes both into a folder, so that it can be interrupted at any moment and
 * simply be run again.
 * @param trustedPem the root that the certificate must lead to; becomes `root-ca.pem`
 * @throws {@link CliError} `fileExists`, `badAnswer`; ServerRefusal
 */
export async function obtainCertificate(
  client: ApiClient,
  wish: CertificateWish,
  trustedPem: string,
): Promise<Obtained> {
  const left = await loadPending(wish.folder);
  const found = left?.wish === textOf(client, wish) ? left : undefined;
  const forgotEarlier = left !== undefined && found === undefined;
  const installing = found !== undefined && (await readIfThere(serviceFiles(wish.folder).key)) === found.keyPem;
  if (!wish.mayReplace && !installing) await checkNothingThere(wish.folder);
  if (forgotEarlier) await removePending(wish.folder);
  const pending = found ?? (await preparePending(client, wish));
  const certificate = await send(client, wish, pending);
  await checkCertificate(certificate, pending.keyPem, trustedPem);
  // Once the new key is in its place, what is there is no pair any more, and the old one is kept already.
  const keptPrevious = installing ? false : await keepPrevious(wish.folder);
  const files = await writeServiceFiles(wish.folder, {
    key: pending.keyPem,
    cert: certificate.certificate_pem,
    fullchain: certificate.certificate_pem + certificate.chain_pem,
    rootCa: trustedPem,
    metadata: metadataText(certificate, client.origin),
  });
  await removePending(wish.folder);
  return { certificate, files, resumed: found !== undefined, forgotEarlier, keptPrevious };
}

async function checkNothingThere(folder: string): Promise<void> {
  const { key, cert } = serviceFiles(folder);
  for (const path of [key, cert]) {
    if ((await readIfThere(path)) === undefined) continue;
    throw new CliError('fileExists', `${path} exists and is not overwritten`, {
      advice: 'Use "vcc-pki renew" for a new certificate of the same names, another --out, or --force.',
    });
  }
}

async function preparePending(client: ApiClient, wish: CertificateWish): Promise<PendingRequest> {
  const key = await wish.makeKey();
  const subject = wish.commonName === undefined ? [] : [{ type: 'commonName', value: wish.commonName }];
  const csr = encodePem('CERTIFICATE REQUEST', await signCertificateRequest(key, subject));
  const pending: PendingRequest = {
    wish: textOf(client, wish),
    idempotencyKey: randomUUID(),
    body: JSON.stringify({ ...wish.members, csr }),
    keyPem: key.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
  try {
    await savePending(wish.folder, pending);
  } catch (error) {
    if (!(error instanceof SignerError && error.code === 'fileExists')) throw error;
    throw new CliError('fileExists', `another command is at work in ${wish.folder}`, {
      advice: 'Wait for it, then look at its result.',
      cause: error,
    });
  }
  return pending;
}

async function send(client: ApiClient, wish: CertificateWish, pending: PendingRequest): Promise<CertificateResource> {
  try {
    return await client.call<CertificateResource>(wish.operation, {
      ...(wish.params && { params: wish.params }),
      body: pending.body,
      headers: { 'idempotency-key': pending.idempotencyKey },
    });
  } catch (error) {
    // Refused for good: there is no certificate, so the key has no use.
    if (error instanceof ServerRefusal && error.isFinal) {
      await removePending(wish.folder);
      await removeIfEmpty(wish.folder);
    }
    throw error;
  }
}

function textOf(
  client: ApiClient,
  { operation, params, members, commonName, keyDescription }: CertificateWish,
): string {
  return JSON.stringify([client.origin, operation, params ?? {}, members, commonName ?? null, keyDescription]);
}

function metadataText(certificate: CertificateResource, server: string): string {
  const { certificate_pem: _certificate, chain_pem: _chain, ...facts } = certificate;
  return `${JSON.stringify({ ...facts, server }, null, 2)}\n`;
}
