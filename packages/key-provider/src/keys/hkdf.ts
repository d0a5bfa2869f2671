import { createHmac } from 'node:crypto';

/** Octets of SHA-256. */
const hashBytes = 32;

/** HKDF-Extract with SHA-256 (RFC 5869 s2.2). An empty salt stands for zeros, as HMAC pads them. */
export function hkdfExtract(salt: Uint8Array, inputKeyingMaterial: Uint8Array): Uint8Array {
  return createHmac('sha256', salt).update(inputKeyingMaterial).digest();
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869 s2.3) into `output`.
 *
 * By HMAC and not `hkdfSync`: that takes twice the time, and on some versions of Node leaves a copy of the key for each call.
 * @param pseudorandomKey at least 32 octets
 */
export function hkdfExpandInto(output: Uint8Array, pseudorandomKey: Uint8Array, info: Uint8Array): void {
  if (output.length > 255 * hashBytes) throw new RangeError('HKDF-Expand gives at most 8,160 octets');
  // T(i - 1), info and the counter in one piece: each further update costs half as much as the whole hash.
  const input = new Uint8Array(hashBytes + info.length + 1);
  input.set(info, hashBytes);
  for (let offset = 0, i = 1; offset < output.length; offset += hashBytes, i++) {
    input[input.length - 1] = i;
    const block = createHmac('sha256', pseudorandomKey)
      .update(i === 1 ? input.subarray(hashBytes) : input)
      .digest();
    output.set(output.length - offset < hashBytes ? block.subarray(0, output.length - offset) : block, offset);
    input.set(block);
    block.fill(0);
  }
  input.fill(0);
}
