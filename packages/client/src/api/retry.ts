import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../client-error.ts';
import { ServerRefusal } from './server-refusal.ts';

/** How often and after what waits a call is repeated. */
export interface RetryPolicy {
  /** Attempts in all. Default 4. */
  readonly attempts: number;
  /** The first wait is at most this long; each further one at most twice the one before. Default 200. */
  readonly baseMs: number;
  /** No wait is longer. Default 5000. */
  readonly capMs: number;
  /** A Retry-After beyond this is left to the caller: the call fails and says so. Default 30,000. */
  readonly longestRetryAfterMs: number;
}

export const defaultRetry: RetryPolicy = { attempts: 4, baseMs: 200, capMs: 5000, longestRetryAfterMs: 30_000 };

/** Full jitter: any moment between none and the whole back-off, so that many clients do not return together. */
export function fullJitter(retryNumber: number, policy: Pick<RetryPolicy, 'baseMs' | 'capMs'>, random = Math.random) {
  return Math.ceil(random() * Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(retryNumber, 30)));
}

/**
 * Repeats a call that is safe to repeat, while its failures are such that the next attempt may go better.
 * A Retry-After is obeyed: the wait is never shorter.
 */
export async function withRetries<T>(
  call: (attempt: number) => Promise<T>,
  policy: RetryPolicy,
  options: { readonly random?: () => number; readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      const asked = error instanceof ServerRefusal ? (error.retryAfterMs ?? 0) : 0;
      if (attempt >= policy.attempts || !mayGoBetter(error) || asked > policy.longestRetryAfterMs) throw error;
      const waitMs = asked + fullJitter(attempt - 1, policy, options.random);
      await sleep(waitMs, undefined, options.signal && { signal: options.signal }).catch((aborted: unknown) => {
        throw options.signal?.reason ?? aborted;
      });
    }
  }
}

function mayGoBetter(error: unknown): boolean {
  if (error instanceof ServerRefusal) return !error.isFinal;
  return error instanceof ClientError && error.code === 'cannotConnect';
}
