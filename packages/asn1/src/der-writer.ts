import { knownOidContent, type Oid } from './oid.ts';
import { contextConstructed, contextPrimitive, Tag } from './tag.ts';
import { generalizedTimeContent } from './time.ts';

/** A finished DER encoding: identifier, length and content octets. */
export type Der = Uint8Array;

/** One for all: to make one costs more than to encode with it. */
const textEncoder = new TextEncoder();

/** Encodes one value: identifier octet, shortest length, the contents one after another. */
export function encodeElement(tag: number, ...contents: readonly Uint8Array[]): Der {
  let length = 0;
  for (const content of contents) length += content.length;
  let at = headerLength(length);
  const out = new Uint8Array(at + length);
  writeHeader(out, tag, length);
  for (const content of contents) {
    out.set(content, at);
    at += content.length;
  }
  return out;
}

/** Encodes what stands before the content octets of a value, for contents too large to be copied around. */
export function encodeHeader(tag: number, contentLength: number): Uint8Array {
  const out = new Uint8Array(headerLength(contentLength));
  writeHeader(out, tag, contentLength);
  return out;
}

function headerLength(length: number): number {
  return length < 0x80 ? 2 : length < 0x100 ? 3 : length < 0x10000 ? 4 : length < 0x1000000 ? 5 : 6;
}

function writeHeader(out: Uint8Array, tag: number, length: number): void {
  const header = headerLength(length);
  out[0] = tag;
  if (header === 2) out[1] = length;
  else {
    out[1] = 0x80 | (header - 2);
    for (let i = header - 1, rest = length; i > 1; i--, rest = Math.floor(rest / 256)) out[i] = rest & 0xff;
  }
}

export function encodeSequence(...values: readonly Der[]): Der {
  return encodeElement(Tag.sequence, ...values);
}

/** Encodes a SET OF: the values are put in the order DER demands (X.690 s11.6). */
export function encodeSetOf(...values: readonly Der[]): Der {
  return encodeElement(Tag.set, ...(values.length < 2 ? values : values.toSorted(compareOctets)));
}

/** `[n] EXPLICIT`: wraps a finished encoding. */
export function encodeExplicit(n: number, value: Der): Der {
  return encodeElement(contextConstructed(n), value);
}

/** `[n] IMPLICIT` over a primitive type: `content` is that type's content octets. */
export function encodeImplicit(n: number, content: Uint8Array): Der {
  return encodeElement(contextPrimitive(n), content);
}

/** `[n] IMPLICIT` over a constructed type: `values` are its members. */
export function encodeImplicitConstructed(n: number, ...values: readonly Der[]): Der {
  return encodeElement(contextConstructed(n), ...values);
}

export function encodeBoolean(value: boolean): Der {
  return encodeElement(Tag.boolean, Uint8Array.of(value ? 0xff : 0x00));
}

export function encodeNull(): Der {
  return Uint8Array.of(Tag.null, 0);
}

/** Encodes an INTEGER from a number, or from the octets of an unsigned big-endian number of any length. */
export function encodeInteger(value: number | bigint | Uint8Array): Der {
  return encodeElement(
    Tag.integer,
    value instanceof Uint8Array ? unsignedContent(value) : integerContent(BigInt(value)),
  );
}

export function encodeEnumerated(value: number): Der {
  return encodeElement(Tag.enumerated, integerContent(BigInt(value)));
}

/** The content octets of an INTEGER: two's complement, big-endian, shortest form. */
export function integerContent(value: bigint): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (rest !== 0n && rest !== -1n);
  const negative = (octets[0] as number) >= 0x80;
  if (value >= 0n && negative) octets.unshift(0x00);
  if (value < 0n && !negative) octets.unshift(0xff);
  return Uint8Array.from(octets);
}

function unsignedContent(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const shortest = bytes.subarray(start);
  if (shortest.length === 0) return Uint8Array.of(0);
  return (shortest[0] as number) >= 0x80 ? Uint8Array.of(0, ...shortest) : shortest;
}

export function encodeOid(oid: Oid): Der {
  return encodeElement(Tag.oid, knownOidContent(oid));
}

export function encodeOctetString(bytes: Uint8Array): Der {
  return encodeElement(Tag.octetString, bytes);
}

/** Encodes a BIT STRING of whole octets, or with `unusedBits` low bits of the last octet left out (they must be zero). */
export function encodeBitString(bytes: Uint8Array, unusedBits = 0): Der {
  return encodeElement(Tag.bitString, Uint8Array.of(unusedBits), bytes);
}

/**
 * Encodes a BIT STRING of named bits, trailing zero bits removed (X.690 s11.2.2).
 * @param bits numbers of the bits that are set; bit 0 is the first.
 */
export function encodeNamedBits(bits: readonly number[]): Der {
  if (bits.length === 0) return encodeBitString(new Uint8Array(0));
  const highest = Math.max(...bits);
  const bytes = new Uint8Array((highest >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7));
  return encodeBitString(bytes, 7 - (highest & 7));
}

export function encodeUtf8String(text: string): Der {
  return encodeElement(Tag.utf8String, asciiOctets(text) ?? textEncoder.encode(text));
}

/** @throws RangeError when `text` has a character that a PrintableString cannot hold (X.680 s41.4). */
export function encodePrintableString(text: string): Der {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new RangeError(`"${text}" does not fit a PrintableString`);
  return encodeElement(Tag.printableString, textEncoder.encode(text));
}

/** @throws RangeError when `text` is not ASCII. */
export function encodeIa5String(text: string): Der {
  return encodeElement(Tag.ia5String, ia5Content(text));
}

/** The content octets of an IA5String. @throws RangeError when `text` is not ASCII. */
export function ia5Content(text: string): Uint8Array {
  const bytes = asciiOctets(text);
  if (bytes === undefined) throw new RangeError(`"${text}" is not ASCII`);
  return bytes;
}

/** The octets of ASCII text, `undefined` for other text: for texts as short as those of certificates the loop beats the encoder. */
function asciiOctets(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/**
 * Encodes a `Time` as RFC 5280 s4.1.2.5 demands: UTCTime through 2049, then GeneralizedTime; whole seconds.
 * @param timeMs milliseconds since the epoch; fractions of a second are cut off.
 * @throws RangeError for years outside 1950 to 9999.
 */
export function encodeTime(timeMs: number): Der {
  const year = new Date(timeMs).getUTCFullYear();
  if (!(year >= 1950)) throw new RangeError(`the year ${year} cannot be encoded`);
  const content = generalizedTimeContent(timeMs);
  if (year < 2050) return encodeElement(Tag.utcTime, content.subarray(2));
  return encodeElement(Tag.generalizedTime, content);
}

/** Encodes a GeneralizedTime of whole seconds (invalidityDate, OCSP). @throws RangeError for years outside 0 to 9999. */
export function encodeGeneralizedTime(timeMs: number): Der {
  return encodeElement(Tag.generalizedTime, generalizedTimeContent(timeMs));
}

/** Orders octet strings as DER orders the members of a SET OF. */
export function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}
