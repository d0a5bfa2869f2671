const units = [
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
] as const;

/** A time of the wire with its distance from now: `2026-11-21T22:23:05Z (in 364 days)`. */
export function timeText(timestamp: string, now: number): string {
  return `${timestamp} (${distanceText(Date.parse(timestamp) - now)})`;
}

/** A time as the wire has it, whole seconds in UTC, from milliseconds since the epoch. */
export function toTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** How far away something is, in the largest unit of which there are two, rounded: `in 47 hours`, `3 days ago`. */
export function distanceText(ms: number): string {
  const size = Math.abs(ms);
  const unit = units.find((candidate) => size >= 2 * candidate.ms) ?? units[2];
  const count = Math.round(size / unit.ms);
  if (count === 0) return 'now';
  const text = `${count} ${unit.name}${count === 1 ? '' : 's'}`;
  return ms > 0 ? `in ${text}` : `${text} ago`;
}
