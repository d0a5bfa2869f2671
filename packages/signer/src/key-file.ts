import type { KeyObject } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { writeFileAtomically } from './atomic-file.ts';
import { checkSigner } from './check-signer.ts';
import { checkDerivation, decryptPrivateKey, encryptPrivateKey, parseEncryptedPrivateKey } from './encrypted-key.ts';
import type { KeyDerivation } from './pbes2.ts';
import type { Signer } from './signer.ts';
import { SignerError } from './signer-error.ts';
import { createSoftwareSigner } from './software-signer.ts';

/** The largest encrypted RSA-4096 key has 4 KiB; what is far larger is no key. */
const maxFileOctets = 64 * 1024;

/**
 * Writes a private key as encrypted PKCS #8 PEM, mode 0400, whole or not at all, and never over another file.
 * @throws {@link SignerError} `fileExists`, `weakEncryption`; errors of the file system as Node gives them.
 */
export async function writeKeyFile(options: {
  readonly path: string;
  readonly privateKey: KeyObject;
  /** UTF-8 octets; not kept, and not zeroed: it is the caller's. */
  readonly passphrase: Uint8Array;
  /** Default: PBKDF2-HMAC-SHA256 with 600,000 rounds. */
  readonly derivation?: KeyDerivation;
}): Promise<void> {
  const contents = await encryptPrivateKey(options);
  await writeFileAtomically({ path: options.path, contents, mode: 0o400, overwrite: 'never' });
}

/**
 * Loads the signing key of a CA from its encrypted file.
 *
 * Refused are files that group or others may touch (not looked at on Windows), derivations below the floor of
 * {@link checkDerivation}, and keys that are not those of the certificate.
 *
 * @param options.passphrase UTF-8 octets; not kept, and not zeroed: it is the caller's.
 * @param options.publicKey DER SubjectPublicKeyInfo that the key must belong to: that of the CA certificate.
 * @throws {@link SignerError} of any code but `fileExists`; errors of the file system as Node gives them.
 */
export async function loadKeyFile(options: {
  readonly path: string;
  readonly passphrase: Uint8Array;
  readonly publicKey: Uint8Array;
}): Promise<Signer> {
  const { path, publicKey } = options;
  const signer = createSoftwareSigner(await openKeyFile(options));
  return naming(path, async () => {
    await checkSigner(signer, publicKey);
    return signer;
  });
}

/**
 * Opens an encrypted key file that no certificate belongs to, with the same refusals otherwise.
 * @param options.passphrase UTF-8 octets; not kept, and not zeroed: it is the caller's.
 * @throws {@link SignerError}; errors of the file system as Node gives them.
 */
export async function openKeyFile(options: {
  readonly path: string;
  readonly passphrase: Uint8Array;
}): Promise<KeyObject> {
  const { path, passphrase } = options;
  const pem = await readPrivateFile(path);
  return naming(path, () => {
    const encrypted = parseEncryptedPrivateKey(pem);
    checkDerivation(encrypted.parameters.derivation);
    return decryptPrivateKey(encrypted, passphrase);
  });
}

/** Reads through one handle, so that the file that was checked is the file that is read. */
async function readPrivateFile(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    await checkPrivate(path, file);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function checkPrivate(path: string, file: FileHandle): Promise<void> {
  const { mode, size } = await file.stat().then((stats) => {
    if (!stats.isFile()) throw new SignerError('fileMode', `${path} is not a regular file`);
    return stats;
  });
  if (size > maxFileOctets) throw new SignerError('malformedKey', `${path} is too large for a key (${size} octets)`);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw new SignerError('fileMode', `${path} has mode ${octal}: others may touch it; chmod 0400 it`);
}

/** Puts the file's name before the message of a {@link SignerError}. */
async function naming<T>(path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    throw new SignerError(error.code, `${path}: ${error.message}`, { cause: error.cause });
  }
}
