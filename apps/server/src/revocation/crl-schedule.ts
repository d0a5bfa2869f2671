import { createHash } from 'node:crypto';
import type { PublishedCrl } from '../store/index.ts';

/** How often CRLs are made when nothing is revoked, and how often at most. */
export interface CrlTimes {
  /** From their making to nextUpdate. */
  readonly validityMs: number;
  /** A new CRL is made this long after the last one, or at half of its life if that is sooner. */
  readonly updateIntervalMs: number;
  /** How far thisUpdate lies in the past, for relying parties whose clock is a little behind. */
  readonly backdateMs: number;
  /** Least time between two full CRLs, and between two deltas. */
  readonly fullMinGapMs: number;
}

/** A CRL that takes long to make is made seldom: not more than a tenth of the time goes into it. */
const restPerWork = 10;

/** Between the first failure and the next try; doubled with each further one. */
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

/** When a CRL was made. */
function madeAt(crl: Pick<PublishedCrl, 'thisUpdate'>, { backdateMs }: CrlTimes): number {
  return crl.thisUpdate + backdateMs;
}

/** The longest that a CRL is left as it is. */
export function intervalMs({ updateIntervalMs, validityMs }: CrlTimes): number {
  return Math.min(updateIntervalMs, validityMs / 2);
}

/**
 * When a CRL is made anew although nothing was revoked: between half of the interval and the whole. Which moment of
 * these depends on its scope and number alone, so that shards that were made together drift apart, and all servers of a
 * cluster and a server that was started again agree.
 */
export function dueAt(
  crl: Pick<PublishedCrl, 'issuerId' | 'scope' | 'number' | 'thisUpdate'>,
  times: CrlTimes,
): number {
  return madeAt(crl, times) + intervalMs(times) * (0.5 + spread(`${crl.issuerId}/${crl.scope}/${crl.number}`) / 2);
}

/** How long after the end of a full (or delta) CRL that took `tookMs` the next one may follow. */
export function gapMs(tookMs: number, { fullMinGapMs }: CrlTimes): number {
  return Math.max(fullMinGapMs, tookMs * restPerWork);
}

/** How long to wait after so many failures in a row, at least one. */
export function retryAfterMs(failures: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1));
}

/** A number from 0 up to 1, evenly distributed and always the same for one text. */
function spread(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
