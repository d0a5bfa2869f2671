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

/**
 * The additional authenticated data of records that share all but document and row version: header and PAE of the context
 * (docs/ciphertext-format.md, "Context"). What they share is encoded once.
 */
export class ContextEncoder {
  readonly #head: Uint8Array;
  readonly #binding: Binding;

  constructor(header: Uint8Array, binding: Binding, { tenant, collection, field, group }: RecordContext) {
    const shared = [tenant, collection, field, group].map((text) => encodeText(text));
    const count = shared.length + { field: 0, document: 1, row: 2 }[binding];
    this.#binding = binding;
    this.#head = concat([
      header,
      encodeLength(count),
      ...shared.flatMap((piece) => [encodeLength(piece.length), piece]),
    ]);
  }

  encode({ documentId, rowVersion }: Pick<RecordContext, 'documentId' | 'rowVersion'>): Uint8Array {
    if (this.#binding === 'field') return this.#head;
    const document = encodeId('documentId', documentId);
    if (this.#binding === 'document') return concat([this.#head, encodeLength(document.length), document]);
    const row = encodeId('rowVersion', rowVersion);
    return concat([this.#head, encodeLength(document.length), document, encodeLength(row.length), row]);
  }
}

/** `s` and UTF-8, `i` and 8 octets big-endian (two's complement), or `b` and the octets. */
function encodeId(name: string, id: RecordId | undefined): Uint8Array {
  if (typeof id === 'string') return Buffer.concat([Buffer.from('s'), encodeText(id)]);
  if (id instanceof Uint8Array) return Buffer.concat([Buffer.from('b'), id]);
  if (typeof id === 'bigint' || Number.isSafeInteger(id)) {
    const octets = Buffer.alloc(1 + lengthBytes);
    octets.write('i');
    octets.writeBigInt64BE(BigInt(id as number | bigint), 1);
    return octets;
  }
  throw new TypeError(`the field is bound to its ${name}, which is a text, an integer or octets, not ${typeof id}`);
}

/** UTF-8. A lone surrogate would become another text. */
export function encodeText(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new TypeError('a name has a lone surrogate, which UTF-8 cannot hold');
  return Buffer.from(text, 'utf8');
}

function encodeLength(length: number): Uint8Array {
  const octets = Buffer.alloc(lengthBytes);
  octets.writeUInt32LE(length, 0);
  return octets;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
