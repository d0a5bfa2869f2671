/**
 * Reads a header Retry-After (RFC 9110 s10.2.3): a number of seconds, or a date.
 * @param now milliseconds since the epoch, for dates
 * @returns seconds from now on, 0 for a date that is over; `undefined` for what is neither
 */
export function retryAfterSeconds(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const date = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
