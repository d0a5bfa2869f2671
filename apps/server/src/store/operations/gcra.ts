/**
 * A rate limit by the generic cell rate algorithm (ITU-T I.371): one number per limit, the theoretical arrival time
 * (TAT), says when the next unit would be due if all had come evenly spaced. As many units as the hour allows may
 * come at once.
 */
export interface RateLimit {
  /** Milliseconds that one unit takes from the hour. */
  readonly intervalMs: number;
  /** The TAT may not lie later than this when a unit comes; otherwise it is refused. */
  readonly latestTat: number;
}

const hourMs = 3_600_000;

/** The limit at a time. */
export function rateLimitAt(now: number, unitsPerHour: number): RateLimit {
  const intervalMs = Math.ceil(hourMs / unitsPerHour);
  return { intervalMs, latestTat: now + intervalMs * (unitsPerHour - 1) };
}

/**
 * No unit is due in more than an hour, and the clocks of a cluster differ by seconds: a TAT beyond this was set before
 * the clock was put back, and is forgotten rather than waited for.
 */
export function latestPossibleTat(now: number): number {
  return now + 2 * hourMs;
}

/** A limit that refuses nothing and takes nothing. */
export const noRateLimit: RateLimit = { intervalMs: 0, latestTat: Number.MAX_SAFE_INTEGER };

/** Seconds until a refused unit would be taken, at least 1. */
export function retryAfterSeconds(tat: number, limit: RateLimit): number {
  return Math.max(1, Math.ceil((tat - limit.latestTat) / 1000));
}
