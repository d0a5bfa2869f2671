/**
 * Pre-authentication encoding: joins byte strings so that no two different lists give the same octets.
 *
 * LE64(count), then for each piece LE64(length) and the piece (PASETO, "PAE definition"). Texts are taken as UTF-8.
 */
export function pae(...pieces: readonly (Uint8Array | string)[]): Uint8Array {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  const result = new Uint8Array(8 + parts.reduce((sum, part) => sum + 8 + part.length, 0));
  const view = new DataView(result.buffer);
  view.setBigUint64(0, BigInt(parts.length), true);
  let offset = 8;
  for (const part of parts) {
    view.setBigUint64(offset, BigInt(part.length), true);
    result.set(part, offset + 8);
    offset += 8 + part.length;
  }
  return result;
}
