import { hash } from 'node:crypto';
import { parseSubjectPublicKeyInfo } from './subject-public-key-info.ts';

/**
 * The 20-octet identifier of a key: the leftmost 160 bits of the SHA-256 of its BIT STRING's value (RFC 7093 s2 method 1).
 * @param publicKey DER SubjectPublicKeyInfo.
 * @throws {@link DerError}
 */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const digest = hash('sha256', parseSubjectPublicKeyInfo(publicKey).publicKey, 'buffer');
  return new Uint8Array(digest.subarray(0, 20));
}
