import { createPrivateKey, createPublicKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import type { PrivateKeyObject } from './pki-object.ts';

const formatByLabel: ReadonlyMap<string, string> = new Map([
  ['PRIVATE KEY', 'PKCS #8'],
  ['ENCRYPTED PRIVATE KEY', 'PKCS #8'],
  ['RSA PRIVATE KEY', 'PKCS #1'],
  ['EC PRIVATE KEY', 'SEC 1'],
]);

/** What may be known about a private key in a PEM block. */
export function privateKeyFromPem(label: string, block: string): PrivateKeyObject {
  const format = formatByLabel.get(label) ?? label;
  // RFC 1421 s4.6.1.1 puts the encryption of the older formats into a header line.
  const isEncrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(block);
  return { kind: 'privateKey', format, isEncrypted, publicKey: isEncrypted ? undefined : publicHalfOf(block) };
}

/** What may be known about a private key in DER. */
export function privateKeyFromDer(
  shape: 'pkcs8' | 'pkcs8Encrypted' | 'pkcs1' | 'sec1',
  der: Uint8Array,
): PrivateKeyObject {
  if (shape === 'pkcs8Encrypted') {
    return { kind: 'privateKey', format: 'PKCS #8', isEncrypted: true, publicKey: undefined };
  }
  const format = { pkcs8: 'PKCS #8', pkcs1: 'PKCS #1', sec1: 'SEC 1' }[shape];
  const publicKey = publicHalfOf({ key: Buffer.from(der), format: 'der', type: shape });
  return { kind: 'privateKey', format, isEncrypted: false, publicKey };
}

/** DER SubjectPublicKeyInfo, by which the certificate that a key belongs to can be found. */
function publicHalfOf(key: string | PrivateKeyInput): Uint8Array | undefined {
  const privateKey = readPrivateKey(key);
  return privateKey && new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
}

function readPrivateKey(key: string | PrivateKeyInput): KeyObject | undefined {
  try {
    return createPrivateKey(key);
  } catch {
    // OpenSSL's word for a key that it does not understand, or a broken one; its text might quote what it read.
    return undefined;
  }
}
