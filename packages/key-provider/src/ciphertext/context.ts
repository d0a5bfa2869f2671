import type { Binding } from './record-header.ts';

/** An identifier; its type counts: the number 5 and the text "5" are two different documents. */
export type RecordId = string | number | bigint | Uint8Array;

/** What a record belongs to and is bound to. Whoever decrypts states the same. */
export interface RecordContext {
  readonly tenant: string;
  readonly collection: string;
  readonly field: string;
  /** Empty where no group is involved. */
  readonly group: string;
  readonly documentId?: RecordId | undefined;
  readonly rowVersion?: RecordId | undefined;
}

const lengthBytes = 8;

/** Octets that {@link ContextEncoder.shared} sets aside for identifiers; longer ones get memory of their own. */
const draftIdBytes = 256;

/**
 * The additional authenticated data of records that share all but document and row version: header and PAE of the context
 * (docs/ciphertext-format.md, "Context"). What they share is encoded once.
 */
export class ContextEncoder {
  readonly #head: Buffer;
  readonly #binding: Binding;
  /** The head, and room for identifiers behind it. */
  #draft: Buffer | undefined;
  /** Beginnings of the draft by their length. */
  readonly #drafts: Buffer[] = [];

  constructor(header: Uint8Array, binding: Binding, { tenant, collection, field, group }: RecordContext) {
    const shared = [tenant, collection, field, group].map((text) => encodeText(text));
    const count = shared.length + { field: 0, document: 1, row: 2 }[binding];
    this.#binding = binding;
    this.#head = Buffer.concat([
      header,
      encodeLength(count),
      ...shared.flatMap((piece) => [encodeLength(piece.length), piece]),
    ]);
  }

  /** @throws TypeError when the record lacks what it is bound to */
  check({ documentId, rowVersion }: OwnRecordContext): void {
    if (this.#binding !== 'field') checkId('documentId', documentId);
    if (this.#binding === 'row') checkId('rowVersion', rowVersion);
  }

  /** Octets that the data of one record has at most. */
  maxLength({ documentId, rowVersion }: OwnRecordContext): number {
    let length = this.#head.length;
    if (this.#binding !== 'field') length += maxIdLength(documentId);
    return this.#binding === 'row' ? length + maxIdLength(rowVersion) : length;
  }

  /** Writes the data of one record. @returns where it ends */
  writeInto(output: Buffer, offset: number, own: OwnRecordContext): number {
    output.set(this.#head, offset);
    return this.#writeIds(output, offset + this.#head.length, own);
  }

  /**
   * The data of one record, in memory that the next call writes over: for who uses it up at once. Only the identifiers are written
   * each time.
   */
  shared(own: OwnRecordContext): Buffer {
    const headBytes = this.#head.length;
    if (this.#binding === 'field') return this.#head;
    if (this.maxLength(own) > headBytes + draftIdBytes) return this.encode(own);
    this.#draft ??= Buffer.concat([this.#head, Buffer.alloc(draftIdBytes)]);
    const end = this.#writeIds(this.#draft, headBytes, own);
    const known = this.#drafts[end - headBytes];
    if (known !== undefined) return known;
    const made = this.#draft.subarray(0, end);
    this.#drafts[end - headBytes] = made;
    return made;
  }

  #writeIds(output: Buffer, offset: number, { documentId, rowVersion }: OwnRecordContext): number {
    let end = offset;
    if (this.#binding !== 'field') end = writeId(output, end, documentId);
    return this.#binding === 'row' ? writeId(output, end, rowVersion) : end;
  }

  /** @throws TypeError as {@link check} */
  encode(own: OwnRecordContext): Buffer {
    this.check(own);
    const output = Buffer.allocUnsafe(this.maxLength(own));
    return output.subarray(0, this.writeInto(output, 0, own));
  }
}

/** The part of a context that is a record's own. */
type OwnRecordContext = Pick<RecordContext, 'documentId' | 'rowVersion'>;

function checkId(name: string, id: RecordId | undefined): void {
  if (typeof id === 'string') checkedText(id);
  else if (!isInteger(id) && !(id instanceof Uint8Array)) {
    throw new TypeError(
      `the field is bound to its ${name}, which is a text, an integer of 64 bits or octets, not ${typeof id}`,
    );
  }
}

function isInteger(id: unknown): boolean {
  return Number.isSafeInteger(id) || (typeof id === 'bigint' && BigInt.asIntN(64, id) === id);
}

function maxIdLength(id: RecordId | undefined): number {
  // A UTF-16 unit takes three octets of UTF-8 at most.
  const octets = typeof id === 'string' ? 3 * id.length : id instanceof Uint8Array ? id.length : lengthBytes;
  return lengthBytes + 1 + octets;
}

/** `s` and UTF-8, `i` and 8 octets big-endian (two's complement), or `b` and the octets. */
function writeId(output: Buffer, offset: number, id: RecordId | undefined): number {
  const start = offset + lengthBytes;
  let end = start + 1;
  if (typeof id === 'string') {
    output[start] = 0x73;
    end = writeText(output, end, id);
  } else if (id instanceof Uint8Array) {
    output[start] = 0x62;
    output.set(id, end);
    end += id.length;
  } else {
    output[start] = 0x69;
    end = output.writeBigInt64BE(BigInt(id ?? 0), end);
  }
  output.writeUInt32LE(end - start, offset);
  output.writeUInt32LE(0, offset + lengthBytes / 2);
  return end;
}

/** UTF-8. Short ASCII, as most identifiers are, octet by octet: a call of the runtime costs four times as much. */
function writeText(output: Buffer, offset: number, text: string): number {
  if (text.length > 64) return offset + output.write(text, offset);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return offset + output.write(text, offset);
    output[offset + i] = unit;
  }
  return offset + text.length;
}

/** UTF-8. A lone surrogate would become another text. */
export function encodeText(text: string): Buffer {
  return Buffer.from(checkedText(text), 'utf8');
}

function checkedText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a name has a lone surrogate, which UTF-8 cannot hold');
  return text;
}

function encodeLength(length: number): Uint8Array {
  const octets = Buffer.alloc(lengthBytes);
  octets.writeUInt32LE(length, 0);
  return octets;
}
