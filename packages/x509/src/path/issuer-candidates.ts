import { equalBytes } from '@vcc-pki/asn1';
import type { PathCertificate } from './path-certificate.ts';

/**
 * The candidates whose key identifier is the one that `subject` names for its issuer, then those that have none, then
 * the others: an identifier is a hint, not a proof (RFC 4158 s3.5.12). Of equals the ones valid longest come first.
 */
export function sortByKeyIdentifier(
  candidates: readonly PathCertificate[],
  subject: PathCertificate,
): readonly PathCertificate[] {
  if (candidates.length < 2) return candidates;
  const wanted = subject.issuerKeyIdentifierHint;
  const ranked = candidates.map((candidate) => {
    const identifier = candidate.keyIdentifierHint;
    const rank = wanted === undefined || identifier === undefined ? 1 : equalBytes(wanted, identifier) ? 0 : 2;
    return { candidate, rank };
  });
  ranked.sort(
    (a, b) => a.rank - b.rank || b.candidate.certificate.validity.notAfter - a.candidate.certificate.validity.notAfter,
  );
  return ranked.map(({ candidate }) => candidate);
}
