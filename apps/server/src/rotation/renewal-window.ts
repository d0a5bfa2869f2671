import { hash } from 'node:crypto';

/** When a certificate is to be renewed; milliseconds since the epoch, whole seconds, `start` before `end`. */
export interface RenewalWindow {
  readonly start: number;
  readonly end: number;
}

export interface RenewalRules {
  /** How long before its end a certificate is due at the earliest; of a short-lived one it is the last third of its life. */
  readonly renewBeforeMs: number;
  /** How often holders are asked to look at their window at least. */
  readonly checkIntervalMs: number;
}

/** What a window is derived from. */
export interface RenewableCertificate {
  readonly certificateId: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Of the time before the end, the last third is kept for retries, reminders and people. */
const reserveShare = 1 / 3;

/**
 * One window is so much of the time over which all of them are spread. Narrow, because holders that choose any moment
 * of theirs (RFC 9773 s4.2) then fill the spread evenly: its two ends are thinner over one window's length only.
 */
const windowShare = 1 / 50;

/**
 * The window in which a certificate's holder is asked to renew (RFC 9773 s4.2). Its place is drawn from the
 * certificate's id, evenly over the time for renewals: certificates issued at the same moment do not come back at the
 * same moment, and every server of a cluster, asked at any time, says the same.
 */
export function renewalWindow(certificate: RenewableCertificate, rules: RenewalRules): RenewalWindow {
  const lead = leadMs(certificate, rules);
  const spread = lead * (1 - reserveShare);
  const width = spread * windowShare;
  const start = certificate.notAfter - lead + place(certificate.certificateId) * (spread - width);
  return { start: wholeSeconds(start), end: wholeSeconds(start + width) + 1000 };
}

/** How long before its end the renewals of such certificates begin. */
export function leadMs(
  { notBefore, notAfter }: Omit<RenewableCertificate, 'certificateId'>,
  rules: RenewalRules,
): number {
  return Math.min(rules.renewBeforeMs, (notAfter - notBefore) / 3);
}

/** A number from 0 to below 1 that an id always has, evenly distributed over all ids. */
function place(certificateId: string): number {
  return hash('sha256', certificateId, 'buffer').readUIntBE(0, 6) / 2 ** 48;
}

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}
