import { describePublicKey } from '@vcc-pki/x509';

/**
 * The name of a key's kind as configuration, API and CLI use it: `P-256`, `RSA-2048`, `Ed25519`.
 * @param publicKey DER SubjectPublicKeyInfo.
 */
export function keyTypeName(publicKey: Uint8Array): string {
  const key = describePublicKey(publicKey);
  if (key.type === 'RSA') return `RSA-${key.bits}`;
  if (key.type === 'EC') return key.curve;
  return key.type === 'unknown' ? key.oid : key.type;
}
