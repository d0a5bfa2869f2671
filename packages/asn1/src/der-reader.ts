import { DerError, type DerErrorCode } from './der-error.ts';
import type { OctetMemory } from './octet-memory.ts';
import { decodeOid, knownOids, type Oid } from './oid.ts';
import { Tag } from './tag.ts';
import { decodeGeneralizedTime, decodeUtcTime } from './time.ts';

/** One encoded value: its identifier octet, its content octets and all of its octets. The arrays share the input's memory. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Identifier, length and content octets. */
  readonly der: Uint8Array;
  /** Where `content` starts in the outermost buffer, in octets. */
  readonly offset: number;
}

/** Cuts `content` and `der` out of the buffer only when they are asked for: most values need one of them, or none. */
class ReadElement implements DerElement {
  readonly tag: number;
  readonly offset: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #contentStart: number;
  readonly #end: number;
  #content: Uint8Array | undefined;

  constructor(bytes: Uint8Array, base: number, at: { start: number; contentStart: number; end: number }) {
    this.tag = bytes[at.start] as number;
    this.offset = base + at.contentStart;
    this.#bytes = bytes;
    this.#start = at.start;
    this.#contentStart = at.contentStart;
    this.#end = at.end;
  }

  get content(): Uint8Array {
    this.#content ??= this.#bytes.subarray(this.#contentStart, this.#end);
    return this.#content;
  }

  get der(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }
}

/** A BIT STRING: its octets, and how many low bits of the last octet do not count (0 to 7). */
export interface BitString {
  readonly bytes: Uint8Array;
  readonly unusedBits: number;
}

/**
 * Reads DER values one after another and refuses everything that is BER but not DER (X.690 s10, s11): indefinite or
 * over-long lengths, padded integers, non-zero padding bits, and so on. Nothing is copied.
 *
 * A reader reads exactly one nesting level: its caller decides how deep to go, so hostile nesting cannot exhaust the stack.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  /** Where `#bytes` starts in the outermost buffer. */
  readonly #base: number;
  #position = 0;
  /** Where the value that is read ends in `#bytes`. */
  #end: number;
  /** Where the content of the value that was read last starts in `#bytes`. */
  #contentStart = 0;

  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
    this.#end = bytes.length;
  }

  get atEnd(): boolean {
    return this.#position === this.#end;
  }

  /** Where the next value starts in the outermost buffer, in octets. */
  get offset(): number {
    return this.#base + this.#position;
  }

  /** The next identifier octet, or -1 at the end. */
  peekTag(): number {
    return this.#position < this.#end ? (this.#bytes[this.#position] as number) : -1;
  }

  /** @throws {@link DerError} `trailingData` when values are left over. */
  end(): void {
    if (!this.atEnd) this.#fail('trailingData', `${this.#end - this.#position} octets left over`);
  }

  /**
   * Reads the next value whatever its type, or of type `expected`.
   * @throws {@link DerError} `truncated`, `invalidTag`, `invalidLength`, `unexpectedTag`
   */
  readElement(expected?: number): DerElement {
    const start = this.#position;
    this.#readHeader(expected);
    return new ReadElement(this.#bytes, this.#base, { start, contentStart: this.#contentStart, end: this.#position });
  }

  /** Reads the next value if it is of type `tag`; otherwise reads nothing and returns `undefined` (OPTIONAL, DEFAULT). */
  readOptional(tag: number): DerElement | undefined {
    return this.peekTag() === tag ? this.readElement(tag) : undefined;
  }

  /**
   * Reads the next value if `memory` has something for its octets, and returns that; otherwise reads nothing and returns
   * `undefined`. @throws {@link DerError} as {@link readElement}.
   */
  readRemembered<T>(memory: OctetMemory<T>): T | undefined {
    const start = this.#position;
    this.#readHeader(undefined);
    const known = memory.find(this.#bytes, start, this.#position);
    if (known === undefined) this.#position = start;
    return known;
  }

  /** Reads a constructed value of type `tag` and returns a reader of what it contains. */
  readConstructed(tag: number): DerReader {
    this.#readHeader(tag);
    const inner = new DerReader(this.#bytes, this.#base);
    inner.#position = this.#contentStart;
    inner.#end = this.#position;
    return inner;
  }

  readSequence(): DerReader {
    return this.readConstructed(Tag.sequence);
  }

  readSet(): DerReader {
    return this.readConstructed(Tag.set);
  }

  readBoolean(): boolean {
    const { content, offset } = this.readElement(Tag.boolean);
    if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff)) {
      throw new DerError('invalidValue', 'a BOOLEAN is 00 or FF (X.690 s11.1)', offset);
    }
    return content[0] === 0xff;
  }

  readNull(): void {
    const { content, offset } = this.readElement(Tag.null);
    if (content.length !== 0) throw new DerError('invalidValue', 'a NULL has no content', offset);
  }

  /** Reads an INTEGER and returns its content: two's complement, big-endian, shortest form. */
  readIntegerBytes(tag: number = Tag.integer): Uint8Array {
    const { content, offset } = this.readElement(tag);
    const [first, second] = content;
    if (first === undefined) throw new DerError('invalidValue', 'an INTEGER has at least one octet', offset);
    if (second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))) {
      throw new DerError('invalidValue', 'an INTEGER in more octets than needed (X.690 s8.3.2)', offset);
    }
    return content;
  }

  /** Reads an INTEGER (or, with `Tag.enumerated`, an ENUMERATED) that must lie between `min` and `max`, both at most 2^31 in size. */
  readSmallInteger(min: number, max: number, tag: number = Tag.integer): number {
    const offset = this.offset;
    const content = this.readIntegerBytes(tag);
    let value = (content[0] as number) >= 0x80 ? -1 : 0;
    if (content.length <= 5) for (const octet of content) value = value * 256 + octet;
    if (content.length > 5 || value < min || value > max) {
      throw new DerError('outOfRange', `the number is not between ${min} and ${max}`, offset);
    }
    return value;
  }

  readOid(tag: number = Tag.oid): Oid {
    this.#readHeader(tag);
    const known = knownOids.find(this.#bytes, this.#contentStart, this.#position);
    if (known !== undefined) return known;
    return decodeOid(this.#bytes.subarray(this.#contentStart, this.#position), this.#base + this.#contentStart);
  }

  readOctetString(tag: number = Tag.octetString): Uint8Array {
    return this.readElement(tag).content;
  }

  readBitString(tag: number = Tag.bitString): BitString {
    const { content, offset } = this.readElement(tag);
    const unusedBits = content[0];
    if (unusedBits === undefined || unusedBits > 7 || (content.length === 1 && unusedBits !== 0)) {
      throw new DerError('invalidValue', 'a BIT STRING with an impossible count of unused bits', offset);
    }
    const last = content[content.length - 1] as number;
    if (unusedBits > 0 && (last & ((1 << unusedBits) - 1)) !== 0) {
      throw new DerError('invalidValue', 'unused bits of a BIT STRING must be zero (X.690 s11.2.1)', offset);
    }
    return { bytes: content.subarray(1), unusedBits };
  }

  /** Reads a BIT STRING of whole octets, as signatures and public keys are. */
  readWholeBitString(): Uint8Array {
    const offset = this.offset;
    const { bytes, unusedBits } = this.readBitString();
    if (unusedBits !== 0) throw new DerError('invalidValue', 'expected whole octets', offset);
    return bytes;
  }

  /** Reads a `Time` (UTCTime or GeneralizedTime in the form of RFC 5280 s4.1.2.5), in milliseconds since the epoch. */
  readTime(): number {
    const element = this.readElement();
    if (element.tag === Tag.utcTime) return decodeUtcTime(element.content, element.offset);
    if (element.tag === Tag.generalizedTime) return decodeGeneralizedTime(element.content, element.offset);
    throw new DerError('unexpectedTag', 'expected a UTCTime or GeneralizedTime', element.offset);
  }

  /** Reads identifier and length, and steps over the content: from `#contentStart` to `#position`. */
  #readHeader(expected: number | undefined): void {
    const bytes = this.#bytes;
    const tag = this.peekTag();
    if (tag === -1) this.#fail('truncated', 'a value is missing');
    if (expected !== undefined && tag !== expected) {
      this.#fail('unexpectedTag', `expected type ${hexOctet(expected)}, found ${hexOctet(tag)}`);
    }
    if ((tag & 0x1f) === 0x1f) this.#fail('invalidTag', 'tag numbers over 30 do not occur in a PKI');
    if (tag === 0) this.#fail('invalidTag', 'tag 0 is reserved');
    let position = this.#position + 1;
    if (position === this.#end) this.#fail('truncated', 'the length is missing');
    const first = bytes[position++] as number;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0) this.#fail('invalidLength', 'indefinite length is not DER');
      // 4 octets hold 4 GiB: more than any input that is let in.
      if (count > 4) this.#fail('invalidLength', 'a length of more than 4 octets');
      if (position + count > this.#end) this.#fail('truncated', 'the length is cut off');
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[position + i] as number);
      if (length < 0x80 || bytes[position] === 0) this.#fail('invalidLength', 'the length is not in its shortest form');
      position += count;
    }
    if (position + length > this.#end) {
      this.#fail('truncated', `${length} octets announced, ${this.#end - position} there`);
    }
    this.#contentStart = position;
    this.#position = position + length;
  }

  #fail(code: DerErrorCode, message: string): never {
    throw new DerError(code, message, this.offset);
  }
}

/**
 * Reads the one value that `der` consists of and returns a reader of what it contains.
 * @throws {@link DerError} also when octets follow the value.
 */
export function readSingleSequence(der: Uint8Array): DerReader {
  const outer = new DerReader(der);
  const inner = outer.readSequence();
  outer.end();
  return inner;
}

function hexOctet(octet: number): string {
  return `0x${octet.toString(16).padStart(2, '0')}`;
}
