import { createHmac, type KeyObject } from 'node:crypto';

/** Octets of HMAC-SHA256. */
const hashLength = 32;

/** A key as `node:crypto` takes it. */
export type HmacKey = Uint8Array | KeyObject;

/** HKDF-Extract with SHA-256 (RFC 5869 s2.2). */
export function hkdfExtract(salt: Uint8Array | string, keyMaterial: Uint8Array): Uint8Array {
  return createHmac('sha256', salt).update(keyMaterial).digest();
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869 s2.3). By HMAC rather than by `hkdfSync`, which does the extraction too and left a
 * copy of a raw key behind for each call when it was measured.
 * @throws RangeError for a length outside 1 to 255 hashes.
 */
export function hkdfExpand(pseudoRandomKey: HmacKey, info: Uint8Array, length: number): Uint8Array {
  if (length < 1 || length > 255 * hashLength) throw new RangeError('HKDF gives 1 to 8160 octets (RFC 5869 s2.3)');
  const result = new Uint8Array(length);
  let block = new Uint8Array(0);
  for (let offset = 0, counter = 1; offset < length; offset += hashLength, counter += 1) {
    const hmac = createHmac('sha256', pseudoRandomKey).update(block).update(info).update(Uint8Array.of(counter));
    block = new Uint8Array(hmac.digest());
    result.set(block.subarray(0, length - offset), offset);
  }
  block.fill(0);
  return result;
}
