/** First and longest wait after failures: full jitter between nothing and twice the last bound. */
const firstWaitMs = 200;
const longestWaitMs = 30_000;

export interface BreakerOptions {
  readonly monotonic: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Keeps a server that is down from being asked by everybody. After a failure nobody asks for a random while up to a bound
 * that doubles; then one may ask as a probe, and its success lets all ask again.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openUntilMs = Number.NEGATIVE_INFINITY;
  #isProbing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Whether one may ask now. Who may must tell how it went. */
  tryEnter(): boolean {
    if (this.#failures === 0) return true;
    if (this.#isProbing || this.#options.monotonic() < this.#openUntilMs) return false;
    this.#isProbing = true;
    return true;
  }

  /** How long until somebody may ask. */
  get waitMs(): number {
    return this.#failures === 0 ? 0 : Math.max(0, this.#openUntilMs - this.#options.monotonic());
  }

  get state(): 'closed' | 'open' | 'halfOpen' {
    if (this.#failures === 0) return 'closed';
    return this.#isProbing || this.waitMs === 0 ? 'halfOpen' : 'open';
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isProbing = false;
  }

  failed(): void {
    const bound = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    this.#isProbing = false;
    this.#openUntilMs = this.#options.monotonic() + bound * this.#options.random();
  }
}
