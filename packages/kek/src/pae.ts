const encoder = new TextEncoder();

/**
 * Pre-authentication encoding: joins byte strings so that no two different lists give the same octets.
 *
 * LE64(count), then for each piece LE64(length) and the piece (PASETO, "PAE definition"). Texts are taken as UTF-8.
 */
export function pae(...pieces: readonly (Uint8Array | string)[]): Uint8Array {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  const result = new Uint8Array(8 + parts.reduce((sum, part) => sum + 8 + part.length, 0));
  const view = new DataView(result.buffer);
  view.setUint32(0, parts.length, true);
  let offset = 8;
  for (const part of parts) {
    // The upper half of each LE64 is zero: no array is longer than 2^32 octets here.
    view.setUint32(offset, part.length, true);
    result.set(part, offset + 8);
    offset += 8 + part.length;
  }
  return result;
}
