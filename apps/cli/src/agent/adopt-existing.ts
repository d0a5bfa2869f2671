import { X509Certificate } from 'node:crypto';
import { lstat, mkdir, readFile } from 'node:fs/promises';
import { encodePem, parsePem } from '@vcc-pki/asn1';
import { certificatePaths } from '@vcc-pki/client/keeper';
import { writeFileAtomically } from '@vcc-pki/signer';
import { AgentError, isErrno } from './agent-error.ts';

/** A pair that was made by other means. */
export interface ExistingPair {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Copies a pair that is there already into the agent's own folder, once; the originals stay as they are. The certificate
 * comes last, so that a crash in between leaves nothing that would be taken for a pair.
 * @returns whether it was copied now
 * @throws AgentError `badState`; errors of the file system as Node gives them
 */
export async function adoptExisting(folder: string, { certFile, keyFile }: ExistingPair): Promise<boolean> {
  const paths = certificatePaths(folder);
  if (await exists(paths.cert)) return false;
  const [fullchain, key] = [await readFile(certFile, 'utf8'), await readFile(keyFile, 'utf8')];
  const [leaf] = parsePem(fullchain).filter(({ label }) => label === 'CERTIFICATE');
  if (leaf === undefined) throw new AgentError('badState', `${certFile} holds no certificate in PEM`);
  const cert = encodePem('CERTIFICATE', leaf.der);
  checkIsLeaf(new X509Certificate(cert), certFile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const write = (path: string, contents: string, mode: number): Promise<void> =>
    writeFileAtomically({ path, contents, mode, overwrite: 'replace' });
  await write(paths.key, key, 0o600);
  await write(paths.fullchain, fullchain, 0o644);
  await write(paths.cert, cert, 0o644);
  return true;
}

function checkIsLeaf(certificate: X509Certificate, file: string): void {
  if (certificate.ca)
    throw new AgentError('badState', `${file} begins with the certificate of a CA, not with the service's`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
