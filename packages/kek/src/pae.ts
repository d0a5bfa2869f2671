const encoder = new TextEncoder();

/**
 * Pre-authentication encoding: joins byte strings so that no two different lists give the same octets.
 *
 * LE64(count), then for each piece LE64(length) and the piece (PASETO, "PAE definition"). Texts are taken as UTF-8.
 */
export function pae(...pieces: readonly (Uint8Array | string)[]): Uint8Array {
  let size = 8;
  for (const piece of pieces) size += 8 + (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length);
  const result = new Uint8Array(size);
  writeLength(result, 0, pieces.length);
  let offset = 8;
  for (const piece of pieces) {
    const start = offset + 8;
    const length = typeof piece === 'string' ? writeText(result, start, piece) : piece.length;
    if (typeof piece !== 'string') result.set(piece, start);
    writeLength(result, offset, length);
    offset = start + length;
  }
  return result;
}

/** The upper half of each LE64 is zero: no array is longer than 2^32 octets here. */
function writeLength(output: Uint8Array, offset: number, length: number): void {
  output[offset] = length;
  output[offset + 1] = length >>> 8;
  output[offset + 2] = length >>> 16;
  output[offset + 3] = length >>> 24;
}

/** ASCII, as nearly all labels and names are, without a call of the runtime, which costs more than the octets. @returns octets written */
function writeText(output: Uint8Array, offset: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encoder.encodeInto(text, output.subarray(offset)).written;
    output[offset + i] = unit;
  }
  return text.length;
}
