/** Between attempts on this host: full jitter from a second on, up to five minutes. */
const baseMs = 1_000;
const capMs = 300_000;

/** The pause behind the given attempt (0 for the first), at least a tenth of what it may be at most. */
export function pauseBehind(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20));
  return longest * (0.1 + 0.9 * random());
}
