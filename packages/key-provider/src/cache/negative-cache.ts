/** Remembers for a short while what does not exist, so that nobody asks for it again and again. */
export class NegativeCache<Reason> {
  readonly #entries = new Map<string, { readonly untilMs: number; readonly reason: Reason }>();
  readonly #monotonic: () => number;
  readonly #random: () => number;
  readonly #maxEntries: number;
  #hits = 0;

  /** @param options.random from 0 to 1: spreads what many processes learned at the same moment. */
  constructor({
    monotonic,
    random,
    maxEntries = 10_000,
  }: {
    readonly monotonic: () => number;
    readonly random: () => number;
    readonly maxEntries?: number;
  }) {
    this.#monotonic = monotonic;
    this.#random = random;
    this.#maxEntries = maxEntries;
  }

  get hits(): number {
    return this.#hits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Why it is known not to exist, if it is. */
  find(key: string): Reason | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#monotonic() >= entry.untilMs) {
      this.#entries.delete(key);
      return undefined;
    }
    this.#hits += 1;
    return entry.reason;
  }

  /** @param spread the part of `ttlMs` by which it is made longer or shorter at random. */
  remember(
    key: string,
    reason: Reason,
    { ttlMs, spread = 0 }: { readonly ttlMs: number; readonly spread?: number },
  ): void {
    this.#entries.delete(key);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= this.#maxEntries && !oldest.done) this.#entries.delete(oldest.value);
    const untilMs = this.#monotonic() + ttlMs * (1 + spread * (2 * this.#random() - 1));
    this.#entries.set(key, { untilMs, reason });
  }

  /** After a change anything may exist. */
  clear(): void {
    this.#entries.clear();
  }
}
