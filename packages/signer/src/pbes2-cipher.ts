import { createCipheriv, createDecipheriv, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyDerivation, Pbes2Parameters } from './pbes2.ts';

const cipherName = 'aes-256-cbc';
const keyOctets = 32;

/**
 * Encrypts `plaintext` under a passphrase (RFC 8018 s6.2.1). The derivation runs off the main thread.
 * @param passphrase octets, as typed (UTF-8); neither kept nor changed.
 */
export async function encryptPbes2(
  plaintext: Uint8Array,
  passphrase: Uint8Array,
  { derivation, iv }: Pbes2Parameters,
): Promise<Uint8Array> {
  const key = await deriveKey(passphrase, derivation);
  try {
    const cipher = createCipheriv(cipherName, key, iv);
    return Buffer.concat([cipher.update(plaintext), cipher.final()]);
  } finally {
    key.fill(0);
  }
}

/**
 * Decrypts what {@link encryptPbes2} or another RFC 8018 program made (s6.2.2). The derivation runs off the main thread.
 * @returns the plaintext in a buffer of its own, for the caller to zero; `undefined` when the padding is wrong, which is
 *   how a wrong passphrase shows in 255 of 256 cases. In the others the plaintext is noise.
 */
export async function decryptPbes2(
  ciphertext: Uint8Array,
  passphrase: Uint8Array,
  { derivation, iv }: Pbes2Parameters,
): Promise<Uint8Array | undefined> {
  const key = await deriveKey(passphrase, derivation);
  const decipher = createDecipheriv(cipherName, key, iv).setAutoPadding(false);
  key.fill(0);
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) return undefined;
  // Whole blocks without padding come out of one update; the padding is looked at here so that all of it can be zeroed.
  const padded = decipher.update(ciphertext);
  decipher.final();
  const length = unpaddedLength(padded);
  const plaintext = length === undefined ? undefined : Uint8Array.from(padded.subarray(0, length));
  padded.fill(0);
  return plaintext;
}

/** PKCS #7 padding (RFC 5652 s6.3): 1 to 16 octets that hold their count. */
function unpaddedLength(padded: Uint8Array): number | undefined {
  const count = padded.at(-1) ?? 0;
  const isPadding = count >= 1 && count <= 16 && padded.subarray(-count).every((octet) => octet === count);
  return isPadding ? padded.length - count : undefined;
}

async function deriveKey(passphrase: Uint8Array, derivation: KeyDerivation): Promise<Uint8Array> {
  if (derivation.name === 'pbkdf2') {
    return promisify(pbkdf2)(passphrase, derivation.salt, derivation.rounds, keyOctets, derivation.hash);
  }
  const { cost, blockSize, parallelization, salt } = derivation;
  // What RFC 7914 needs, as OpenSSL counts it: its limit would otherwise be 32 MiB.
  const maxmem = 128 * blockSize * (cost + parallelization + 2) + 1024;
  return scryptAsync(passphrase, salt, { cost, blockSize, parallelization, maxmem });
}

function scryptAsync(passphrase: Uint8Array, salt: Uint8Array, options: object): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyOctets, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
