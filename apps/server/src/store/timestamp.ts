/** A time as events show it: RFC 3339 in UTC, whole seconds, as the times in certificates are. */
export function timestamp(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
