import type { KeyErrorCode } from '../key-error.ts';

/** Upper bounds in seconds of the histogram of deliveries. */
const deliveryBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Counts since the provider was made. */
export class ProviderMetrics {
  hits = 0;
  misses = 0;
  staleUses = 0;
  deliveries = 0;
  deliveryFailures = 0;
  pulls = 0;
  pullFailures = 0;
  revocations = 0;
  clockJumps = 0;
  #deliverySecondsSum = 0;
  readonly #deliveryCounts: number[] = deliveryBuckets.map(() => 0);
  readonly #refusals = new Map<KeyErrorCode, number>();

  delivered(seconds: number): void {
    this.deliveries += 1;
    this.#deliverySecondsSum += seconds;
    for (const [i, bound] of deliveryBuckets.entries()) {
      if (seconds <= bound) this.#deliveryCounts[i] = (this.#deliveryCounts[i] ?? 0) + 1;
    }
  }

  refused(code: KeyErrorCode): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  get refusals(): ReadonlyMap<KeyErrorCode, number> {
    return this.#refusals;
  }

  get deliverySeconds(): {
    readonly sum: number;
    readonly count: number;
    readonly buckets: readonly [number, number][];
  } {
    const buckets = deliveryBuckets.map((bound, i): [number, number] => [bound, this.#deliveryCounts[i] ?? 0]);
    return { sum: this.#deliverySecondsSum, count: this.deliveries, buckets };
  }
}
