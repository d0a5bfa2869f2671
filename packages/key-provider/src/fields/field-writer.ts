import { encodeText } from '../ciphertext/context.ts';
import { sealDeterministic } from '../ciphertext/deterministic.ts';
import type { Engine } from '../ciphertext/engine.ts';
import { isRecord, isRecordText } from '../ciphertext/is-record.ts';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import type { NonceSource } from '../ciphertext/nonce-source.ts';
import { type RecordItem, sealRecords } from '../ciphertext/record-cipher.ts';
import { streamSuite, suites } from '../ciphertext/suites.ts';
import { sealXChaCha } from '../ciphertext/xchacha.ts';
import { KeyError } from '../key-error.ts';
import { asItemError, type FieldPlace, type ItemResult, type ValueItem } from './field-place.ts';
import type { FieldPolicy } from './field-policy.ts';
import { type Lane, Lanes, newLane } from './lane.ts';

/** Octets of a value that is encrypted as one record; a stream has no bound. */
export const maxValueBytes = 16 * 1024 * 1024;

export interface FieldWriterOptions {
  readonly tenant: string;
  readonly engine: Engine;
  readonly nonces: NonceSource;
  policyOf(place: FieldPlace): FieldPolicy;
  /** Whose keys encrypt now. Never waits. */
  holderOf(place: FieldPlace): KeyHolder;
  /** For the guard against nesting. */
  knowsLine(lineId: number): boolean;
}

/** The writing half of field encryption. */
export class FieldWriter {
  readonly #options: FieldWriterOptions;
  readonly #lanes = new Lanes();

  constructor(options: FieldWriterOptions) {
    this.#options = options;
  }

  encrypt(place: FieldPlace, value: Uint8Array | string): Uint8Array {
    const lane = this.lane(place);
    const octets = this.#checkedOctets(lane.policy, value);
    lane.encoder.check(place);
    const [record] = this.#seal(lane, [{ octets, documentId: place.documentId, rowVersion: place.rowVersion }]);
    if (!record) throw new RangeError('one value gives one record');
    return record;
  }

  encryptMany(place: FieldPlace, items: readonly ValueItem[]): ItemResult[] {
    const lane = this.lane(place);
    const results: ItemResult[] = new Array(items.length);
    const good: RecordItem[] = [];
    const places: number[] = [];
    for (let i = 0; i < items.length; i++) {
      try {
        good.push(this.#checkedItem(lane, place, items[i] as ValueItem));
        places.push(i);
      } catch (error) {
        results[i] = { error: asItemError(error) };
      }
    }
    const records = this.#seal(lane, good);
    for (let i = 0; i < places.length; i++) results[places[i] as number] = { value: records[i] as Uint8Array };
    return results;
  }

  /** What the records, or else the streams, of a place have in common, with a key that is live at this moment. */
  lane(place: FieldPlace, kind: 'record' | 'stream' = 'record'): Lane {
    const holder = this.#options.holderOf(place);
    const { collection, field } = place;
    const name = `${kind}/${collection.length}/${collection}/${field.length}/${field}/${holder.group?.name ?? ''}`;
    return this.#lanes.get(name, holder, () => {
      const policy = this.#options.policyOf(place);
      return newLane({
        engine: this.#options.engine,
        holder,
        policy,
        scope: { tenant: this.#options.tenant, collection, field },
        header: {
          suite: kind === 'stream' ? streamSuite : policy.suite,
          binding: policy.binding,
          lineId: holder.lineId,
          version: holder.version,
          groupEpoch: holder.group?.epoch,
          sealed: holder.sealed,
        },
      });
    });
  }

  #seal(lane: Lane, items: readonly RecordItem[]): Uint8Array[] {
    const { kind } = suites[lane.header.suite];
    if (kind === 'deterministic') return sealDeterministic(lane, items);
    if (kind === 'nonAes') return sealXChaCha(lane, items, this.#options.nonces);
    return sealRecords(lane, items, this.#options.nonces);
  }

  #checkedItem(lane: Lane, place: FieldPlace, item: ValueItem): RecordItem {
    const octets = this.#checkedOctets(lane.policy, item.value);
    const checked = {
      octets,
      documentId: item.documentId ?? place.documentId,
      rowVersion: item.rowVersion ?? place.rowVersion,
    };
    // An identifier of no known type is this item's error, before it can stop the others.
    lane.encoder.check(checked);
    return checked;
  }

  #checkedOctets({ allowNested }: FieldPolicy, value: Uint8Array | string): Uint8Array {
    const octets = typeof value === 'string' ? encodeText(value) : value;
    if (!(octets instanceof Uint8Array)) throw new TypeError('a value is octets or a text; documents keep other types');
    if (octets.length > maxValueBytes) {
      throw new RangeError(
        `a value of ${octets.length} octets is larger than ${maxValueBytes}: encrypt it as a stream`,
      );
    }
    if (!allowNested && this.#isRecord(value)) {
      throw new KeyError('NESTED_CIPHERTEXT', 'what is to be encrypted is a record already');
    }
    return octets;
  }

  #isRecord(value: Uint8Array | string): boolean {
    if (typeof value === 'string') return isRecordText(value, this.#options.knowsLine);
    return value[0] === 0xfa && isRecord(value, this.#options.knowsLine);
  }
}
