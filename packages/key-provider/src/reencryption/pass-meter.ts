import type { TimeSource } from '../cache/time-source.ts';

/** Tells how far a pass is and how long it will take. */
export class PassMeter {
  readonly #time: TimeSource;
  #rows = 0;
  #scanned = 0;
  #scannedBefore = 0;
  #startMs = 0;
  #versions = new Map<number, number>();

  constructor(time: TimeSource) {
    this.#time = time;
  }

  /** About how many rows the pass has. */
  get rows(): number {
    return Math.max(this.#rows, this.#scanned);
  }

  get versions(): ReadonlyMap<number, number> {
    return this.#versions;
  }

  get scanned(): number {
    return this.#scanned;
  }

  /** @param sizes rows of the partitions, about; those before `partition` were scanned by another process. */
  begin(sizes: readonly number[], partition: number): void {
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    this.#rows = sum(sizes);
    this.#scannedBefore = sum(sizes.slice(0, partition));
    this.#scanned = this.#scannedBefore;
    this.#startMs = this.#time.monotonic();
    this.#versions = new Map();
  }

  /** Counts a page; `versions` of its records. */
  add(rows: number, versions: Iterable<number>): void {
    this.#scanned += rows;
    for (const version of versions) this.#versions.set(version, (this.#versions.get(version) ?? 0) + 1);
  }

  etaMs(): number | undefined {
    const done = this.#scanned - this.#scannedBefore;
    const elapsedMs = this.#time.monotonic() - this.#startMs;
    return done === 0 ? undefined : (Math.max(0, this.#rows - this.#scanned) * elapsedMs) / done;
  }
}
