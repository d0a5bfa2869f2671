import type { TimeSource } from './time-source.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Time that stands still until it is moved: for tests of caches, also of those who use this package. */
export class ManualTime implements TimeSource {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #timers = new Set<Timer>();

  /** @param startMs what the wall clock shows at first: milliseconds since the epoch. */
  constructor(startMs: number) {
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#monotonicMs + delayMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that are waiting. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass on both clocks, and what falls due run at its moment, in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    for (;;) {
      await settle();
      const next = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.#timers.delete(next);
      // What fell due while time passed without anything running runs now: no clock goes back for it.
      this.#pass(Math.max(0, next.dueMs - this.#monotonicMs));
      next.run();
    }
    this.#pass(endMs - this.#monotonicMs);
    await settle();
  }

  /** Lets time pass without giving anything the chance to run: as in the middle of a long computation. */
  pass(ms: number): void {
    this.#pass(ms);
  }

  /** Sets the wall clock forward or back; the monotonic clock does not notice. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }

  #pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }
}

/** Lets everything that can go on without time go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
