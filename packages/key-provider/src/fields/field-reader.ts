import { openDeterministic } from '../ciphertext/deterministic.ts';
import type { Engine } from '../ciphertext/engine.ts';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import { openRecords, type RecordItem } from '../ciphertext/record-cipher.ts';
import {
  type FixedHeader,
  layoutOf,
  parseFixedHeader,
  parseHeader,
  type RecordHeader,
  tagBytes,
} from '../ciphertext/record-header.ts';
import { streamSuite, suites } from '../ciphertext/suites.ts';
import { openXChaCha } from '../ciphertext/xchacha.ts';
import { KeyError } from '../key-error.ts';
import type { FieldScope, KekHandle } from '../keys/kek-handle.ts';
import type { KekSource } from '../keys/kek-source.ts';
import { asItemError, type FieldPlace, type GroupAccess, type ItemResult, type ValueItem } from './field-place.ts';
import type { FieldPolicy } from './field-policy.ts';
import { type Lane, Lanes, liveLane, newLane } from './lane.ts';

/** Which key of a session. */
export interface SealedKeyName {
  readonly suite: number;
  readonly scope: FieldScope;
}

/** Gives the keys of what write-only services wrote; SealedReader does. */
export interface SealedSessions {
  keyHolder(kek: KekHandle, sealed: Uint8Array, key: SealedKeyName): KeyHolder | Promise<KeyHolder>;
}

export interface FieldReaderOptions {
  readonly tenant: string;
  readonly engine: Engine;
  readonly keys: KekSource;
  readonly sealed?: SealedSessions | undefined;
  policyOf(place: FieldPlace): FieldPolicy;
}

/** The reading half of field encryption. */
export class FieldReader {
  readonly #options: FieldReaderOptions;
  readonly #lanes = new Lanes();

  constructor(options: FieldReaderOptions) {
    this.#options = options;
  }

  async decrypt(place: FieldPlace, record: Uint8Array): Promise<Uint8Array> {
    const found = this.lane(place, record);
    const lane = liveLane(found instanceof Promise ? await found : found);
    const { documentId, rowVersion } = place;
    lane.encoder.check(place);
    const [value] = open(lane, [{ octets: record, documentId, rowVersion }]);
    if (!(value instanceof Uint8Array)) throw value;
    return value;
  }

  async decryptMany(place: FieldPlace, items: readonly ValueItem<Uint8Array>[]): Promise<ItemResult[]> {
    const results: ItemResult[] = new Array(items.length);
    const runs = new Map<Lane, { readonly items: RecordItem[]; readonly places: number[] }>();
    let last: Lane | undefined;
    for (let i = 0; i < items.length; i++) {
      const { value, documentId = place.documentId, rowVersion = place.rowVersion } = items[i] as ValueItem<Uint8Array>;
      try {
        const lane = last && startsAlike(value, last) ? last : await this.#settled(place, value);
        last = lane;
        // An identifier of no known type is this item's error.
        lane.encoder.check({ documentId, rowVersion });
        const run = runs.get(lane) ?? { items: [], places: [] };
        runs.set(lane, run);
        run.items.push({ octets: value, documentId, rowVersion });
        run.places.push(i);
      } catch (error) {
        results[i] = { error: asItemError(error) };
      }
    }
    for (const [lane, run] of runs) {
      const opened = openAll(lane, run.items);
      for (let i = 0; i < opened.length; i++) results[run.places[i] as number] = opened[i] as ItemResult;
    }
    return results;
  }

  async #settled(place: FieldPlace, record: Uint8Array): Promise<Lane> {
    return this.lane(place, record);
  }

  /** What a record has in common with its like, after all checks that need no secret. */
  lane(place: FieldPlace, record: Uint8Array, kind: 'record' | 'stream' = 'record'): Lane | Promise<Lane> {
    if (!(record instanceof Uint8Array)) throw new TypeError('a record is octets');
    const fixed = parseFixedHeader(record);
    const policy = this.#options.policyOf(place);
    checkSuite(fixed, policy, kind);
    checkPolicy(fixed, policy, place);
    const kek = this.#options.keys.byVersion(fixed.lineId, fixed.version);
    if (kek instanceof Promise) return kek.then((handle) => this.#laneUnder(place, policy, record, handle));
    return this.#laneUnder(place, policy, record, kek);
  }

  #laneUnder(place: FieldPlace, policy: FieldPolicy, record: Uint8Array, kek: KekHandle): Lane | Promise<Lane> {
    const header = parseHeader(record, kek.sealedBytes);
    const { collection, field } = place;
    const scope = { tenant: this.#options.tenant, collection, field };
    const holder = this.#holderOf(place.access, header, { kek, scope });
    if (holder instanceof Promise) return holder.then((found) => this.#laneOf(place, policy, header, found));
    return this.#laneOf(place, policy, header, holder);
  }

  #holderOf(
    access: GroupAccess | undefined,
    header: RecordHeader,
    { kek, scope }: { readonly kek: KekHandle; readonly scope: FieldScope },
  ): KeyHolder | Promise<KeyHolder> {
    if (header.sealed) {
      if (!this.#options.sealed)
        throw refusal('KEK_UNKNOWN', 'records of write-only services are not read here', header);
      return this.#options.sealed.keyHolder(kek, header.sealed, { suite: suites[header.suite].id, scope });
    }
    return access && header.groupEpoch !== undefined ? access.reading(kek, header.groupEpoch) : kek;
  }

  #laneOf(place: FieldPlace, policy: FieldPolicy, header: RecordHeader, holder: KeyHolder): Lane {
    const { collection, field } = place;
    const { suite, binding, lineId, version, groupEpoch = '' } = header;
    const sealed = header.sealed ? Buffer.from(header.sealed).toString('latin1') : '';
    const what = `${suite}/${binding}/${lineId}/${version}/${groupEpoch}/${sealed.length}/${sealed}`;
    const name = `${what}/${collection.length}/${collection}/${field.length}/${field}/${holder.group?.name ?? ''}`;
    const scope = { tenant: this.#options.tenant, collection, field };
    const { engine } = this.#options;
    return this.#lanes.get(name, holder, () => newLane({ engine, holder, scope, policy, header }));
  }
}

/** Whether a record is whole and has the header of a lane of the same place, so that all checks of it were made. */
function startsAlike(record: Uint8Array, { header, headerOctets }: Lane): boolean {
  if (!(record instanceof Uint8Array) || record.length < layoutOf(header).bodyOffset + tagBytes) return false;
  for (let i = 0; i < headerOctets.length; i++) if (record[i] !== headerOctets[i]) return false;
  return true;
}

/** A record is not talked into another way of reading than the one its field was written in. */
function checkSuite(fixed: FixedHeader, { suite, acceptedSuites }: FieldPolicy, kind: 'record' | 'stream'): void {
  const accepted = kind === 'stream' ? [streamSuite] : [suite, ...acceptedSuites];
  if (accepted.includes(fixed.suite)) return;
  throw refusal('UNSUPPORTED_SUITE', `suite ${fixed.suite} is not accepted for the ${kind}s of this field`, fixed);
}

function checkPolicy(fixed: FixedHeader, policy: FieldPolicy, { access }: FieldPlace): void {
  if (fixed.binding !== policy.binding) {
    throw refusal(
      'CONTEXT_MISMATCH',
      `the record is bound to its ${fixed.binding}, not to its ${policy.binding}`,
      fixed,
    );
  }
  if (fixed.hasGroup && !access) throw refusal('GROUP_DENIED', 'the record belongs to a group', fixed);
  if (!fixed.hasGroup && access) throw refusal('CONTEXT_MISMATCH', 'the record belongs to no group', fixed);
}

function refusal(
  code: 'UNSUPPORTED_SUITE' | 'CONTEXT_MISMATCH' | 'GROUP_DENIED' | 'KEK_UNKNOWN',
  detail: string,
  { lineId, version }: Pick<RecordHeader, 'lineId' | 'version'>,
): KeyError {
  return new KeyError(code, detail, { kekLine: lineId, kekVersion: version });
}

function openAll(lane: Lane, items: readonly RecordItem[]): ItemResult[] {
  try {
    return open(liveLane(lane), items).map((found) =>
      found instanceof Uint8Array ? { value: found } : { error: found },
    );
  } catch (error) {
    // The KEK was erased while others were waited for.
    const reason = asItemError(error);
    return items.map(() => ({ error: reason }));
  }
}

function open(lane: Lane, items: readonly RecordItem[]): (Uint8Array | KeyError)[] {
  const { kind } = suites[lane.header.suite];
  if (kind === 'deterministic') return openDeterministic(lane, items);
  return kind === 'nonAes' ? openXChaCha(lane, items) : openRecords(lane, items);
}
