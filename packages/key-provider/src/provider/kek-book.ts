import type { KekRecord } from './kek-record.ts';

/** What a new list of the server changes. */
export interface KekBookChange {
  /** To be taken over, in the order of the list. */
  readonly records: readonly KekRecord[];
  /** Versions that were known and are not listed any more, of lines that are. */
  readonly lost: readonly KekRecord[];
  /** Versions of lines that are not listed at all: the service may not use them any more. */
  readonly withdrawn: readonly KekRecord[];
  /** Lines of which the server knows less than was seen before: it was restored from a backup, or is not the server. */
  readonly outdatedLines: readonly string[];
}

/** What the server said last about every version: states with their epochs, of which none is ever taken back. */
export class KekBook {
  readonly #records = new Map<string, KekRecord>();
  readonly #epochs = new Map<string, number>();

  get records(): IterableIterator<KekRecord> {
    return this.#records.values();
  }

  get lineNames(): string[] {
    return [...this.#epochs.keys()];
  }

  find(id: string): KekRecord | undefined {
    return this.#records.get(id);
  }

  findVersion(lineId: number, version: number): KekRecord | undefined {
    for (const record of this.#records.values()) {
      if (record.lineId === lineId && record.version === version) return record;
    }
    return undefined;
  }

  knowsLine(lineId: number): boolean {
    for (const record of this.#records.values()) if (record.lineId === lineId) return true;
    return false;
  }

  primary(lineName: string): KekRecord | undefined {
    for (const record of this.#records.values()) {
      if (record.lineName === lineName && record.state === 'PRIMARY') return record;
    }
    return undefined;
  }

  /** The epoch of a line, 0 when it is not known. */
  epoch(lineName: string): number {
    return this.#epochs.get(lineName) ?? 0;
  }

  /**
   * What a list would change; {@link apply} does it.
   *
   * A version that is held is never exchanged for another one of its number: a server that was restored from a backup
   * counts on from there, and gives numbers again under which records exist. It is left out, and its whole line while it
   * is the primary of it.
   * @param isHeld whether the secret of a version is in memory
   */
  compare(listed: readonly KekRecord[], isHeld: (id: string) => boolean): KekBookChange {
    const epochs = epochsOf(listed);
    const isOther = ({ id, serialNumber }: KekRecord): boolean =>
      isHeld(id) && this.#records.get(id)?.serialNumber !== serialNumber;
    const outdated = new Set([...epochs].filter(([line, epoch]) => epoch < this.epoch(line)).map(([line]) => line));
    for (const record of listed) if (record.state === 'PRIMARY' && isOther(record)) outdated.add(record.lineName);
    const known = listed.filter((record) => !isOther(record));
    const ids = new Set(known.map(({ id }) => id));
    const missing = [...this.#records.values()].filter(({ id, isLost }) => !ids.has(id) && isLost !== true);
    return {
      records: known.filter(({ lineName }) => !outdated.has(lineName)),
      lost: missing.filter(({ lineName }) => epochs.has(lineName) && !outdated.has(lineName)),
      withdrawn: missing.filter(({ lineName }) => !epochs.has(lineName)),
      outdatedLines: [...outdated],
    };
  }

  apply({ records, lost, withdrawn }: KekBookChange): void {
    for (const { id } of withdrawn) this.#records.delete(id);
    for (const { lineName } of withdrawn) this.#epochs.delete(lineName);
    // A version that the server lost with a backup is still good for reading, as long as it is in memory.
    for (const record of lost) {
      const state = record.state === 'PRIMARY' || record.state === 'PENDING' ? 'ENABLED' : record.state;
      this.#records.set(record.id, { ...record, state, isLost: true });
    }
    for (const record of records) this.#records.set(record.id, record);
    for (const [line, epoch] of epochsOf(records)) this.#epochs.set(line, epoch);
  }
}

/** The highest epoch of each line: that of a line, if a server gives each version the epoch of its last change. */
function epochsOf(records: readonly KekRecord[]): Map<string, number> {
  const epochs = new Map<string, number>();
  for (const { lineName, epoch } of records) epochs.set(lineName, Math.max(epoch, epochs.get(lineName) ?? 0));
  return epochs;
}
