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
 * @returns milliseconds; `undefined`: given up.
 */
export function retryDelay(
  attempts: number,
  rules: RetryRules,
  random: () => number = Math.random,
): number | undefined {
  if (attempts >= rules.maxAttempts) return undefined;
  const delay = Math.min(rules.firstDelayMs * 3 ** (attempts - 1), rules.maxDelayMs);
  return Math.ceil(delay * (0.5 + random()));
}
