import type { TimeSource } from '../cache/time-source.ts';

/** Tells how far a pass is and how long it will take. */
export class PassMeter {
  readonly #time: TimeSource;
  #rows = 0;
  #scanned = 0;
  #scannedBefore = 0;
  #startMs = 0;

  constructor(time: TimeSource) {
    this.#time = time;
  }

  /** About how many rows the pass has. */
  get rows(): number {
    return Math.max(this.#rows, this.#scanned);
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
  }

  add(rows: number): void {
    this.#scanned += rows;
  }

  etaMs(): number | undefined {
    const done = this.#scanned - this.#scannedBefore;
    const elapsedMs = this.#time.monotonic() - this.#startMs;
    return done === 0 ? undefined : (Math.max(0, this.#rows - this.#scanned) * elapsedMs) / done;
  }
}
