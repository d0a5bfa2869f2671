import { createPublicKey, type KeyObject } from 'node:crypto';

/** CAs that are met again with each path, and the key of a request between its checks; 300 kB with RSA-4096 keys. */
const maxRecent = 256;

const recent = new Map<string, KeyObject>();

/**
 * Node's key of a DER SubjectPublicKeyInfo; `undefined` when OpenSSL refuses it, for example a point off its curve.
 *
 * The last ones are remembered: OpenSSL takes as long to import a P-256 key as to do a quarter of a verification with it.
 */
export function importPublicKey(publicKey: Uint8Array): KeyObject | undefined {
  const octets = Buffer.from(publicKey);
  const name = octets.toString('latin1');
  const known = recent.get(name);
  if (known !== undefined) return known;
  try {
    const key = createPublicKey({ key: octets, format: 'der', type: 'spki' });
    remember(name, key);
    return key;
  } catch {
    return undefined;
  }
}

function remember(name: string, key: KeyObject): void {
  if (recent.size >= maxRecent) {
    const [oldest] = recent.keys();
    if (oldest !== undefined) recent.delete(oldest);
  }
  recent.set(name, key);
}
