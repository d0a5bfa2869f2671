import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vcc-pki/signer';

/** The files of a service, as every program of the house expects them. */
export interface ServiceFiles {
  /** The certificate alone, PEM. */
  readonly cert: string;
  /** Its private key, PKCS #8 PEM, 0600. */
  readonly key: string;
  /** The certificate and its issuers without the root, leaf first (RFC 8446 s4.4.2): what a TLS server or client sends. */
  readonly fullchain: string;
  /** The root: what a TLS server or client trusts. */
  readonly rootCa: string;
  /** What the server said about the certificate, JSON. */
  readonly metadata: string;
}

/** What those files hold. */
export type ServiceMaterial = ServiceFiles;

/** The paths of a service's files: `<out>/<service>/cert.pem` and so on. */
export function serviceFiles(folder: string): ServiceFiles {
  return {
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    fullchain: join(folder, 'fullchain.pem'),
    rootCa: join(folder, 'root-ca.pem'),
    metadata: join(folder, 'metadata.json'),
  };
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes the five files, each whole or not at all, the key first: a crash in between leaves a certificate that does not
 * fit its key, and the pending request, from which the next run finishes.
 */
export async function writeServiceFiles(folder: string, material: ServiceMaterial): Promise<ServiceFiles> {
  const files = serviceFiles(folder);
  await mkdir(folder, { recursive: true });
  await writeFileAtomically({ path: files.key, contents: material.key, mode: 0o600, overwrite: 'replace' });
  for (const name of ['cert', 'fullchain', 'rootCa', 'metadata'] as const) {
    await writeFileAtomically({ path: files[name], contents: material[name], mode: 0o644, overwrite: 'replace' });
  }
  return files;
}

/** Copies the pair that is about to be replaced to `previous/`, where one generation is kept. */
export async function keepPrevious(folder: string): Promise<boolean> {
  const [present, previous] = [serviceFiles(folder), serviceFiles(join(folder, 'previous'))];
  const [cert, key] = [await readIfThere(present.cert), await readIfThere(present.key)];
  if (cert === undefined && key === undefined) return false;
  await mkdir(join(folder, 'previous'), { recursive: true, mode: 0o700 });
  for (const name of ['key', 'cert', 'fullchain', 'metadata'] as const) {
    const contents = await readIfThere(present[name]);
    if (contents === undefined) continue;
    const mode = name === 'key' ? 0o600 : 0o644;
    await writeFileAtomically({ path: previous[name], contents, mode, overwrite: 'replace' });
  }
  return true;
}
