import type { CachePolicy } from './cache-policy.ts';

export interface RefreshInput {
  readonly policy: CachePolicy;
  /** How long the last validation took: what takes long is begun early. */
  readonly fetchMs: number;
  /** From 0 to 1, the same for the life of a process: spreads a fleet. */
  readonly instanceShare: number;
  /** From 0 to 1, drawn anew. */
  readonly random: () => number;
}

/**
 * After how many milliseconds a KEK is validated anew in the background: the soft TTL, spread over the fleet, and XFetch
 * with beta = 1 (Vattani et al., "Optimal Probabilistic Cache Stampede Prevention", 2015): earlier by the duration of a
 * fetch times an exponential variable. XFetch draws at each use; here one draw is made for all uses of a process, whose
 * fetches are single-flight anyway.
 */
export function refreshAfter({ policy, fetchMs, instanceShare, random }: RefreshInput): number {
  const spread = 1 + policy.softTtlJitter * (2 * instanceShare - 1);
  // 1 - random() is never 0 for a random() below 1.
  const early = fetchMs * -Math.log(Math.max(Number.MIN_VALUE, 1 - random()));
  return Math.max(0, policy.softTtlMs * spread - early);
}
