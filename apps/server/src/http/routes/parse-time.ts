import { PkiError } from '@vcc-pki/api';

/**
 * Reads a time of the wire (RFC 3339 in UTC, which its schema has checked the form of) as milliseconds since the epoch.
 * @throws {@link PkiError} `malformed` for a day or an hour that does not exist; `Date.parse` would take 31 February.
 */
export function parseTime(field: string, text: string): number {
  const time = Date.parse(text);
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === text.slice(0, 19);
  if (!isReal) throw new PkiError('malformed', `"${text}" is not a time`, { field });
  return time;
}
