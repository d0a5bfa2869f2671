import { PkiError } from '@vcc-pki/api';
import type { Validity } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import type { OrderedValidity } from './certificate-order.ts';
import type { CertificateProfile } from './profiles.ts';

export interface ValidityRules {
  readonly defaultMs: number;
  readonly maxMs: number;
  /** How far notBefore lies in the past, so that a relying party whose clock is a little behind accepts it at once. */
  readonly backdateMs: number;
}

/** What the configuration says about validity; the longest is the service's own. */
export interface ValidityDefaults extends Omit<ValidityRules, 'maxMs'> {
  /** Longest validity of a certificate whose revocation nobody can look up. */
  readonly shortLivedMaxMs: number;
}

/** The rules for a profile: without news of revocations a certificate ends soon, whatever its service may have (RFC 9608 s1). */
export function rulesFor(
  { revocation }: CertificateProfile,
  { shortLivedMaxMs, ...rules }: ValidityDefaults & ValidityRules,
): ValidityRules {
  if (revocation !== 'none') return rules;
  const maxMs = Math.min(rules.maxMs, shortLivedMaxMs);
  return { ...rules, maxMs, defaultMs: Math.min(rules.defaultMs, maxMs) };
}

/**
 * The validity of a certificate issued at `now`: whole seconds, inclusive of both ends (RFC 5280 s4.1.2.5).
 * @throws {@link PkiError} `badValidity` when longer than the rules allow or than the issuer lives.
 */
export function chooseValidity(
  ordered: OrderedValidity | undefined,
  at: { now: number; rules: ValidityRules; issuer: Issuer },
): Validity {
  const { now, rules, issuer } = at;
  const { lengthMs, field } = ordered ?? { lengthMs: rules.defaultMs, field: 'validity_days' };
  if (lengthMs > rules.maxMs) {
    throw new PkiError('badValidity', `${describe(lengthMs)} asked for, at most ${describe(rules.maxMs)} allowed`, {
      field,
      maxValidityDays: rules.maxMs / dayMs,
    });
  }
  const notBefore = wholeSeconds(now - rules.backdateMs);
  const notAfter = wholeSeconds(now + lengthMs);
  if (notAfter > issuer.certificate.validity.notAfter) {
    const end = new Date(issuer.certificate.validity.notAfter).toISOString();
    throw new PkiError('badValidity', `the issuer itself ends at ${end}; a certificate never outlives it`, {
      field,
      issuerNotAfter: end,
    });
  }
  return { notBefore: Math.max(notBefore, issuer.certificate.validity.notBefore), notAfter };
}

const dayMs = 86_400_000;

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

function describe(lengthMs: number): string {
  return lengthMs >= dayMs ? `${Math.round((lengthMs / dayMs) * 10) / 10} days` : `${lengthMs / 3_600_000} hours`;
}
