import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The kinds of key that are made here; all but these names are made elsewhere. */
export const keyTypes = ['P-256', 'P-384', 'RSA-2048', 'RSA-3072', 'RSA-4096', 'Ed25519'] as const;

/** A kind of key by the name that configuration, API and CLI use. */
export type KeyType = (typeof keyTypes)[number];

/** Generates a private key off the main thread; RSA with the public exponent 65537 (FIPS 186-5 A.1.1). */
export async function generateKey(keyType: KeyType): Promise<KeyObject> {
  const { privateKey } = await generatePair(keyType);
  return privateKey;
}

function generatePair(keyType: KeyType): Promise<{ privateKey: KeyObject }> {
  switch (keyType) {
    case 'P-256':
    case 'P-384':
      return promisify(generateKeyPair)('ec', { namedCurve: keyType });
    case 'RSA-2048':
    case 'RSA-3072':
    case 'RSA-4096':
      return promisify(generateKeyPair)('rsa', { modulusLength: Number(keyType.slice('RSA-'.length)) });
    case 'Ed25519':
      return promisify(generateKeyPair)('ed25519', {});
  }
}
