import type { TimeSource } from '../cache/time-source.ts';

export interface ThrottleOptions {
  readonly time: TimeSource;
  /** Rows per second, at most. */
  readonly rowsPerSecond: number;
  /** The database is too slow when 1 of 100 operations takes longer. */
  readonly maxP99Ms: number;
}

/** Operations whose durations are remembered. */
const windowSize = 200;
/** Of the configured rate: however slow the database is, the job gets on. */
const slowestShare = 0.01;

/** Holds a job back: a token bucket whose rate halves while the database is slow and recovers by a tenth a time. */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #durations: number[] = [];
  #next = 0;
  #rate: number;
  #tokens = 0;
  #filledAtMs: number;

  constructor(options: ThrottleOptions) {
    this.#options = options;
    this.#rate = options.rowsPerSecond;
    this.#filledAtMs = options.time.monotonic();
  }

  /** Rows per second at present. */
  get rate(): number {
    return this.#rate;
  }

  /** For how long one has to wait before working on `rows` more; they count as worked on. */
  take(rows: number): number {
    const nowMs = this.#options.time.monotonic();
    // A quarter of a second's worth may be saved up.
    this.#tokens = Math.min(this.#rate / 4, this.#tokens + ((nowMs - this.#filledAtMs) * this.#rate) / 1000);
    this.#filledAtMs = nowMs;
    this.#tokens -= rows;
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / this.#rate;
  }

  /** Learns how long an operation took. */
  observe(durationMs: number): void {
    this.#durations[this.#next] = durationMs;
    this.#next = (this.#next + 1) % windowSize;
  }

  /** Sets the rate by what was observed; called now and then. */
  adjust(): void {
    const { rowsPerSecond, maxP99Ms } = this.#options;
    if (this.p99Ms > maxP99Ms) {
      this.#rate = Math.max(rowsPerSecond * slowestShare, this.#rate / 2);
      // What was slow before the change says nothing about what comes after it.
      this.#durations.length = 0;
      this.#next = 0;
    } else this.#rate = Math.min(rowsPerSecond, this.#rate * 1.1);
  }

  get p99Ms(): number {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
  }
}
