import { createHmac } from 'node:crypto';
import { encodeText } from '../ciphertext/context.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import type { KekSource } from '../keys/kek-source.ts';
import { u8, u32 } from '../keys/labels.ts';

/** What can be looked for. */
export type IndexedValue = string | number | bigint | Uint8Array;

/** One generation of an index: its number, and the version of the KEK that its key comes from. */
export interface BlindIndexVersion {
  /** 0 to 255. */
  readonly indexVersion: number;
  readonly kekVersion: number;
}

export interface BlindIndexOptions {
  readonly collection: string;
  readonly field: string;
  /** One, or two while rows are indexed anew: both are written, and both are looked for. The last one is the newest. */
  readonly versions: readonly BlindIndexVersion[];
  /** Rows that the collection will have: decides how many bits are kept, so that at least two rows share each on average. */
  readonly expectedRows?: number;
  /** Different values that the field can have. Below 1,024 an index tells them by how often they occur. */
  readonly distinctValues: number;
  /** Keeps 128 bits: equality is exact, and visible. */
  readonly unique?: boolean;
  /** `text` finds what differs only in case, in spaces around it, or in the form of its characters; `exact` does not. */
  readonly normalisation?: 'text' | 'exact';
  /** Says that the leaks named above are known and wanted. */
  readonly acceptLeakage?: boolean;
}

/** Fields of fewer values are told apart by counting. */
const fewestValues = 1024;
const uniqueBits = 128;

/**
 * Finds encrypted values without decrypting them: a keyed hash of the value, cut to so few bits that several values share each
 * (docs/field-encryption.md, "Searching"). What is found is decrypted and compared by the caller.
 */
export class BlindIndex {
  readonly #keys: KekSource;
  readonly #line: { readonly name: string; readonly tenant: string };
  readonly #options: BlindIndexOptions;
  readonly #bits: number;

  /** @throws TypeError when the index would tell more than its owner accepted */
  constructor(keys: KekSource, line: { readonly name: string; readonly tenant: string }, options: BlindIndexOptions) {
    this.#bits = checkedBits(options);
    this.#keys = keys;
    this.#line = line;
    this.#options = options;
  }

  /** Bits that are kept of each value. */
  get bits(): number {
    return this.#bits;
  }

  /**
   * What to store beside a record, and what to look for: `column IN (...)`, one entry for each version of the index.
   *
   * Each is the version, one octet, and the bits, the last octet filled up with zeros.
   */
  async entries(value: IndexedValue): Promise<Uint8Array[]> {
    const input = encodeIndexed(value, this.#options.normalisation ?? 'text');
    const lineId = this.#keys.primary(this.#line.name).lineId;
    return Promise.all(
      this.#options.versions.map(async ({ indexVersion, kekVersion }) =>
        this.#entry(await this.#keys.byVersion(lineId, kekVersion), indexVersion, input),
      ),
    );
  }

  #entry(kek: KekHandle, indexVersion: number, input: Uint8Array): Uint8Array {
    const { collection, field } = this.#options;
    const pieces = [u32(kek.lineId), u32(kek.version), this.#line.tenant, collection, field, u8(indexVersion)];
    const digest = kek.withDek('blindIndex', pieces, (key) => createHmac('sha256', key).update(input).digest());
    const kept = digest.subarray(0, Math.ceil(this.#bits / 8));
    const spare = kept.length * 8 - this.#bits;
    kept[kept.length - 1] = (kept.at(-1) ?? 0) & (0xff << spare);
    return Buffer.concat([u8(indexVersion), kept]);
  }
}

/** Value and type, so that the number 1 is not the text "1". */
function encodeIndexed(value: IndexedValue, normalisation: 'text' | 'exact'): Uint8Array {
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from('b'), value]);
  if (typeof value === 'string') {
    return Buffer.concat([Buffer.from('t'), encodeText(normalisation === 'text' ? normaliseText(value) : value)]);
  }
  if (typeof value === 'bigint' || typeof value === 'number') return Buffer.from(`n${value}`);
  throw new TypeError(`a value of type ${typeof value} cannot be looked for`);
}

/** NFKC, no spaces around, case folded by way of upper case: ß and SS are one. */
function normaliseText(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase().toLowerCase().normalize('NFKC');
}

function checkedBits(options: BlindIndexOptions): number {
  const { versions, distinctValues, expectedRows, unique = false, acceptLeakage = false, field } = options;
  const numbers = new Set(versions.map(({ indexVersion }) => indexVersion));
  if (versions.length === 0 || versions.length > 2 || numbers.size !== versions.length) {
    throw new TypeError(`the blind index of ${field} has one version, or two different ones while it is rotated`);
  }
  for (const number of numbers) if (!(number >= 0 && number <= 255)) throw new TypeError(`${number} is no u8`);
  if (distinctValues < fewestValues && !acceptLeakage) {
    throw new TypeError(`${field} has so few values that an index tells them: set acceptLeakage, or do not index it`);
  }
  if (unique) return uniqueBits;
  if (expectedRows === undefined || expectedRows < 4) {
    throw new TypeError(`the blind index of ${field} needs expectedRows, of at least 4, or unique`);
  }
  // At least two rows share an entry on average (AWS Database Encryption SDK, "Choosing a beacon length").
  return Math.min(uniqueBits, Math.floor(Math.log2(expectedRows)) - 1);
}
