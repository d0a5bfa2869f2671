import { setImmediate } from 'node:timers/promises';
import { snapshotEntryFromHex, sortEntries } from '@vcc-pki/x509';
import type { SnapshotRow } from '../store/index.ts';
import { entriesOfRecords, mergeRecords, sortedRecords } from './snapshot-records.ts';

/** So many changes are kept for deltas; who is further behind gets everything. */
const defaultLogLength = 65_536;

/** Everything that is revoked, as of a revision. */
export interface SnapshotEntries {
  readonly revision: number;
  readonly entries: Uint8Array;
}

/**
 * What is revoked of one issuer's certificates, 12 octets for each, and the last changes one by one. A change costs what
 * it is itself; only who wants everything pays for everything, and that once for all who ask.
 */
export class SnapshotState {
  /** Sorted; without what stands in the log behind `#merged`. */
  #base: Uint8Array = new Uint8Array(0);
  #log: SnapshotRow[] = [];
  /** How much of the log is in the base. */
  #merged = 0;
  /** The revision before the first of the log. */
  #logFrom: number;
  #revision: number;

  readonly #logLength: number;

  /** @param revision what is revoked up to it comes by {@link load}, and later changes by {@link add}. */
  constructor(revision: number, logLength: number = defaultLogLength) {
    this.#logLength = logLength;
    this.#logFrom = revision;
    this.#revision = revision;
  }

  /** Every change up to this one is known. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes what was revoked before. Pages are merged by twos, like carrying in a sum, so that none is copied often. */
  async load(pages: AsyncIterable<readonly SnapshotRow[]>, now: () => number): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const page of pages) {
      let part = sortedRecords(page);
      while (parts.length > 0 && (parts.at(-1) as Uint8Array).length <= part.length) {
        part = await mergeRecords(parts.pop() as Uint8Array, part, now());
      }
      parts.push(part);
      await setImmediate();
    }
    let base: Uint8Array = new Uint8Array(0);
    for (const part of parts.toReversed()) base = await mergeRecords(part, base, now());
    this.#base = base;
  }

  /** Takes changes in the order of their revisions. */
  add(rows: readonly SnapshotRow[]): void {
    for (const row of rows) this.#log.push(row);
    this.#revision = rows.at(-1)?.revision ?? this.#revision;
  }

  /** What became revoked after a revision and has not ended; `undefined` when that is no longer known one by one. */
  since(revision: number, now: number): Uint8Array | undefined {
    if (revision < this.#logFrom || revision > this.#revision) return undefined;
    const rows = this.#log.slice(this.#placeBehind(revision)).filter(({ notAfter }) => notAfter >= now);
    return sortEntries(rows.map(({ serialNumber }) => snapshotEntryFromHex(serialNumber)));
  }

  /** Everything; one call at a time. */
  async all(now: number): Promise<SnapshotEntries> {
    const { revision } = this;
    const upTo = this.#log.length;
    const added = sortedRecords(this.#log.slice(this.#merged, upTo));
    this.#base = await mergeRecords(this.#base, added, now);
    this.#merged = upTo;
    this.#forgetOld();
    return { revision, entries: await entriesOfRecords(this.#base) };
  }

  #forgetOld(): void {
    const surplus = Math.min(this.#merged, this.#log.length - this.#logLength);
    if (surplus <= 0) return;
    this.#logFrom = (this.#log[surplus - 1] as SnapshotRow).revision;
    this.#log = this.#log.slice(surplus);
    this.#merged -= surplus;
  }

  /** Index of the first change after a revision, by halving. */
  #placeBehind(revision: number): number {
    let [low, high] = [0, this.#log.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle] as SnapshotRow).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
