import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const rfc5280NoUniqueIdentifiers: Rule<CertificateView> = {
  id: 'rfc5280_no_unique_identifiers',
  source: 'RFC 5280 s4.1.2.8',
  text: 'issuerUniqueID and subjectUniqueID are not generated.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => (view.hasUniqueIdentifier ? 'there is a unique identifier' : undefined),
};
