import { type Der, DerError, type DerReader, encodeNamedBits, Tag } from '@vcc-pki/asn1';

/**
 * Reads a BIT STRING of named bits.
 * @param names name of each bit, from bit 0.
 * @throws {@link DerError} when trailing zero bits are kept (X.690 s11.2.2), no bit is set, or a bit has no name.
 */
export function readNamedBits<BitName>(reader: DerReader, names: readonly BitName[], tag?: number): BitName[] {
  const offset = reader.offset;
  const { bytes, unusedBits } = reader.readBitString(tag ?? Tag.bitString);
  const last = bytes[bytes.length - 1];
  if (last === undefined || ((last >> unusedBits) & 1) === 0) {
    throw new DerError('invalidValue', 'named bits: none is set, or zero bits trail', offset);
  }
  if (bytes.length * 8 - unusedBits > names.length) {
    throw new DerError('outOfRange', 'named bits: a bit that has no name', offset);
  }
  return names.filter((_, bit) => (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1);
}

/** Encodes a BIT STRING of named bits. @throws RangeError when a name is not one of `names`. */
export function encodeBitsNamed<BitName>(set: readonly BitName[], names: readonly BitName[]): Der {
  const bits = set.map((name) => names.indexOf(name));
  if (bits.includes(-1)) throw new RangeError('a bit that has no name');
  return encodeNamedBits(bits);
}
