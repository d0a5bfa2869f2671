export interface RetryRules {
  /** How often a delivery is tried before it is given up. */
  readonly maxAttempts: number;
  /** Before the second try; each wait after it is three times as long, up to `maxDelayMs`. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * When a delivery that has failed is tried again: each wait about three times as long as the one before, spread evenly
 * from half to one and a half of it, so that what failed together does not come back together.
 * @param askedMs what the receiver asked for: it is not called sooner, but `maxDelayMs` is the most that is waited for its sake
 * @returns milliseconds; `undefined`: given up.
 */
export function retryDelay(
  attempts: number,
  rules: RetryRules,
  { askedMs = 0, random = Math.random }: { readonly askedMs?: number | undefined; readonly random?: () => number } = {},
): number | undefined {
  if (attempts >= rules.maxAttempts) return undefined;
  const delay = Math.min(rules.firstDelayMs * 3 ** (attempts - 1), rules.maxDelayMs);
  return Math.max(Math.ceil(delay * (0.5 + random())), Math.min(askedMs, rules.maxDelayMs));
}
