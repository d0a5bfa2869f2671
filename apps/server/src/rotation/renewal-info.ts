import type { CertificateRecord } from '../store/index.ts';
import { leadMs, type RenewalRules, type RenewalWindow, renewalWindow } from './renewal-window.ts';

/** Why the window lies where it lies. */
export type RenewalReason = 'scheduled' | 'revoked' | 'keyBlocked' | 'issuerKeyBlocked';

/** Something that ends a certificate's use before its time. */
export interface Danger {
  readonly reason: Exclude<RenewalReason, 'scheduled'>;
  /** Since when; milliseconds since the epoch. */
  readonly since: number;
}

/** When and why a certificate is to be renewed, see RFC 9773 s4.2. */
export interface RenewalInfo {
  readonly window: RenewalWindow;
  readonly reason: RenewalReason;
}

/** The window of a certificate; one that is in danger has a window that is over, which means: at once. */
export function renewalInfo(
  certificate: Pick<CertificateRecord, 'certificateId' | 'notBefore' | 'notAfter' | 'revokedAt'>,
  { rules, danger }: { readonly rules: RenewalRules; readonly danger: Danger | undefined },
): RenewalInfo {
  const { revokedAt } = certificate;
  const urgent: Danger | undefined = revokedAt === null ? danger : { reason: 'revoked', since: revokedAt };
  if (urgent === undefined) return { window: renewalWindow(certificate, rules), reason: 'scheduled' };
  const end = Math.floor(urgent.since / 1000) * 1000;
  return { window: { start: end - urgentWindowMs, end }, reason: urgent.reason };
}

/** Its length says nothing; RFC 9773 s4.2 asks for an end after the start. */
const urgentWindowMs = 3_600_000;

/** Whether a renewal now is one that the server itself has proposed. */
export function isInWindow({ window }: RenewalInfo, now: number): boolean {
  return now >= window.start;
}

/**
 * When to ask again, in seconds (RFC 9773 s4.3): often enough to hear of a danger well before the certificate's end.
 */
export function askAgainSeconds(
  certificate: Pick<CertificateRecord, 'notBefore' | 'notAfter'>,
  rules: RenewalRules,
): number {
  const often = leadMs(certificate, rules) / 8;
  return Math.max(60, Math.floor(Math.min(rules.checkIntervalMs, often) / 1000));
}
