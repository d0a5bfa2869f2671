import { createHash } from 'node:crypto';
import type { RenewalInfo } from '@vcc-pki/api';

/** What the moment of a renewal is chosen by. */
export interface MomentOptions {
  /** What the server proposes; undefined when it could not be asked yet. */
  readonly window: RenewalInfo['suggested_window'] | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly fingerprintSha256: string;
  /** Begin so many days before the end, if that is earlier than what the server proposes. */
  readonly renewBeforeDays: number | undefined;
  readonly random: () => number;
}

const dayMs = 86_400_000;

/** Of the time before the end, the last third is kept for retries and people (docs/rotation.md). */
const spreadShare = 2 / 3;

/**
 * The moment to renew: one of the server's window, chosen at random (RFC 9773 s4.2), or an earlier one that the service
 * asked for. The latter is spread too, by the certificate: services that enrolled together must not come back together.
 */
export function renewalMoment(options: MomentOptions): number {
  const { window, notBefore, notAfter, renewBeforeDays, random } = options;
  const proposed = window && momentIn(Date.parse(window.start), Date.parse(window.end), random);
  // Without a word from the server: the last third of the life, as the server would have it.
  const leadMs = renewBeforeDays === undefined ? undefined : renewBeforeDays * dayMs;
  const lastThird = (notAfter - notBefore) / 3;
  const own =
    leadMs === undefined && proposed !== undefined
      ? Number.POSITIVE_INFINITY
      : spread(options, Math.min(leadMs ?? lastThird, lastThird));
  return Math.ceil(Math.min(proposed ?? Number.POSITIVE_INFINITY, own));
}

function momentIn(start: number, end: number, random: () => number): number {
  return start + random() * Math.max(0, end - start);
}

function spread({ notAfter, fingerprintSha256 }: MomentOptions, leadMs: number): number {
  const place = createHash('sha256').update(fingerprintSha256).digest().readUInt32BE() / 2 ** 32;
  return notAfter - leadMs + place * leadMs * spreadShare;
}
