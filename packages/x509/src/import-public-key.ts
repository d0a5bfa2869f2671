import { createPublicKey, type KeyObject } from 'node:crypto';

/** Node's key of a DER SubjectPublicKeyInfo; `undefined` when OpenSSL refuses it, for example a point off its curve. */
export function importPublicKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
