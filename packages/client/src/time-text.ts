/** A moment as RFC 3339 in UTC, in whole seconds. */
export function toTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
