import { RequestCertificateBody } from '@vcc-pki/api';
import { InvalidArgumentError } from 'commander';

/** A whole number within bounds. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
  };
}

export const portNumber = wholeNumber(0, 65_535);

/** Collects an option that may be repeated, and lists with commas. */
export function collectList(text: string, previous: readonly string[] | undefined): readonly string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) throw new InvalidArgumentError('Give at least one value.');
  return [...(previous ?? []), ...values];
}

/** Collects an option that may be repeated and whose values may contain commas. */
export function collect(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), text];
}

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds from `90s`, `15m`, `1h` or `7d`. */
export function duration(text: string): number {
  const match = /^([1-9]\d{0,6})([smhd])$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give seconds, minutes, hours or days: 90s, 15m, 1h, 7d.');
  return Number(match[1]) * unitSeconds[match[2] as keyof typeof unitSeconds];
}

/** 64 digits; colons and capitals as OpenSSL prints them will do. */
export function sha256Hex(text: string): string {
  const digits = text.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new InvalidArgumentError('Give a SHA-256 in hex: 64 digits.');
}

/** What the wire calls a length of validity. */
export type ValidityMember = { readonly validity_days: number } | { readonly validity_hours: number };

/** `90`, `90d` or `12h`. The server decides how long is too long. */
export function validityLength(text: string): ValidityMember {
  const match = /^([1-9]\d{0,5})([dh]?)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give days (90 or 90d) or hours (12h).');
  const count = Number(match[1]);
  return match[2] === 'h' ? { validity_hours: count } : { validity_days: count };
}

// A schema of strings has a pattern at run time; its type does not say so.
const { pattern } = RequestCertificateBody.properties.service_name as { readonly pattern?: string };
const serviceIdPattern = new RegExp(pattern ?? '(?!)');

/** Whether a text can be the id of a service, and so the name of a folder. */
export function isServiceId(text: string): boolean {
  return serviceIdPattern.test(text);
}

/** The id of a service. */
export function serviceId(text: string): string {
  if (isServiceId(text)) return text;
  throw new InvalidArgumentError('A service id has 1 to 63 of a-z, 0-9 and "-", and no "-" at its ends.');
}

/** A time of the wire from `2026-11-21`, or a whole RFC 3339 time in UTC. */
export function timestamp(text: string): string {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(full) && !Number.isNaN(Date.parse(full))) return full;
  throw new InvalidArgumentError('Give a day (2026-11-21) or a time in UTC (2026-11-21T22:00:00Z).');
}

/** Milliseconds since the epoch from a day, or from an RFC 3339 time with any offset. */
export function instant(text: string): number {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text.toUpperCase();
  const isComplete = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(full);
  const ms = isComplete ? Date.parse(full) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError(
    'Give a day (2026-11-21) or a time (2026-11-21T22:00:00Z, 2026-11-21T23:00:00+01:00).',
  );
}

/** `owner=VERITAS Team`, several of them, as one object. */
export function metadataOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new InvalidArgumentError(`"${pair}" is not of the form name=value.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
