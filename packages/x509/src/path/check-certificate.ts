import { type AlgorithmPolicy, checkAllowedKey } from './algorithms.ts';
import { type Conformance, checkProfile } from './check-profile.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathError } from './path-error.ts';
import { checkIssuerPurpose, type PathPurpose } from './purpose.ts';

/** The rules by which single certificates are judged, whatever path they stand in. */
export interface CertificateRules {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly algorithms: AlgorithmPolicy;
  readonly conformance: Conformance;
  readonly purpose: PathPurpose | undefined;
}

/** What every certificate of a path must keep, the trust anchor's own included. @throws {@link PathError}, {@link DerError} */
export function checkCertificate(certificate: PathCertificate, rules: CertificateRules, index: number): void {
  checkValidity(certificate, rules.at, index);
  const [unsupported] = certificate.unsupportedCritical;
  if (unsupported !== undefined) {
    throw new PathError('unsupportedCriticalExtension', index, `the extension ${unsupported} is critical and unknown`);
  }
  checkProfile(certificate, rules.conformance, index);
  checkAllowedKey(certificate.certificate.subjectPublicKeyInfo.der, rules, index);
}

/** What a certificate must keep to certify others. @throws {@link PathError}, {@link DerError} */
export function checkIssuer(certificate: PathCertificate, rules: CertificateRules, index: number): void {
  checkCa(certificate, index);
  checkCertificate(certificate, rules, index);
  if (rules.purpose !== undefined) checkIssuerPurpose(certificate, rules.purpose, index);
}

/**
 * What a trust anchor given as a certificate must keep. Deviation: RFC 5280 s6.1.1(d) takes only name and key from it;
 * that it is a CA and in force is checked too, as OpenSSL, Go and all browsers do. A certificate of version 1 is taken
 * at its owner's word: it cannot say that it is a CA.
 * @throws {@link PathError}, {@link DerError}
 */
export function checkAnchor(certificate: PathCertificate, rules: CertificateRules, index: number): void {
  if (certificate.certificate.version === 3) checkCa(certificate, index);
  checkCertificate(certificate, rules, index);
  if (rules.purpose !== undefined) checkIssuerPurpose(certificate, rules.purpose, index);
}

/** RFC 5280 s6.1.3(a)(2): both ends of the validity count, the last one with its whole second (s4.1.2.5). */
function checkValidity({ certificate }: PathCertificate, at: number, index: number): void {
  const { notBefore, notAfter } = certificate.validity;
  if (at < notBefore) {
    throw new PathError('notYetValid', index, `valid from ${new Date(notBefore).toISOString()}`);
  }
  if (at >= notAfter + 1000) {
    throw new PathError('expired', index, `expired at ${new Date(notAfter).toISOString()}`);
  }
}

function checkCa({ certificate, isCa, extensions }: PathCertificate, index: number): void {
  // RFC 5280 s6.1.4(k): versions 1 and 2 cannot say it, and nothing else is known about an intermediate.
  if (certificate.version !== 3 || !isCa) {
    throw new PathError('notACertificationAuthority', index, 'basicConstraints does not say that it is a CA');
  }
  // RFC 5280 s6.1.4(n)
  if (extensions.keyUsage !== undefined && !extensions.keyUsage.includes('keyCertSign')) {
    throw new PathError('keyUsageNotAllowed', index, 'keyUsage does not have keyCertSign');
  }
}
