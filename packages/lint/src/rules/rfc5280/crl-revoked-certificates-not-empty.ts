import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';

export const rfc5280CrlRevokedCertificatesNotEmpty: Rule<CrlView> = {
  id: 'rfc5280_crl_revoked_certificates_not_empty',
  source: 'RFC 5280 s5.1.2.6',
  text: 'When nothing is revoked, revokedCertificates is absent.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ revokedOctets }) => (revokedOctets === 0 ? 'revokedCertificates is an empty sequence' : undefined),
};
