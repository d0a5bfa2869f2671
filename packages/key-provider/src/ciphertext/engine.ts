import type { FieldKey } from '../keys/field-key.ts';

/** Numbers of one record in {@link RecordBatch.records}. */
export const numbersPerRecord = 4;

/**
 * Records of one key and one layout, side by side in one arena, to be sealed or opened in place by one call.
 *
 * Header and nonce are written before; an engine writes or reads commitment, body and tag.
 */
export interface RecordBatch {
  readonly arena: Buffer;
  /** Four numbers for each record: its start in the arena, octets of its body, start and octets of its AAD in `aad`. */
  readonly records: Uint32Array;
  readonly aad: Buffer;
  /** Place of the nonce within each record. */
  readonly nonceOffset: number;
  readonly commitmentBytes: 0 | 16 | 32;
  /** The values once more, where the caller has them: an engine that does not seal in place takes them from here. */
  readonly values?: readonly RecordValue[] | undefined;
  /**
   * The AAD of a record, instead of that in {@link aad}, for an engine that takes one record at a time. In memory that the next
   * call writes over.
   */
  readonly aadOf?: ((index: number) => Buffer) | undefined;
}

/** What becomes the body of a record. */
export interface RecordValue {
  readonly octets: Uint8Array;
}

/** What opening a record found. */
export const verdicts = { good: 0, wrongKey: 1, wrongTag: 2 } as const;

/** XAES-256-GCM with its key commitment over batches. Every engine gives the same octets. */
export interface Engine {
  /** `native` is the accelerator, `node` is `node:crypto`. */
  readonly name: 'native' | 'node';
  /** Whether it works on what lies in the arena alone; otherwise `values` and `aadOf` of a batch serve it better. */
  readonly inPlace: boolean;
  seal(key: FieldKey, batch: RecordBatch): void;
  /** @returns one of {@link verdicts} for each record; the bodies of records that are not good are zeroed. */
  open(key: FieldKey, batch: RecordBatch): Uint8Array;
}
