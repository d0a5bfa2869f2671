import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';

export const rfc5280CaSubjectNotEmpty: Rule<CertificateView> = {
  id: 'rfc5280_ca_subject_not_empty',
  source: 'RFC 5280 s4.1.2.6',
  text: 'The subject of a CA is a non-empty distinguished name.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ subject }) => (subject.attributes.length === 0 ? 'a CA with an empty subject' : undefined),
};
