import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

export const rfc5280EmptySubjectNeedsCriticalSan: Rule<CertificateView> = {
  id: 'rfc5280_empty_subject_needs_critical_san',
  source: 'RFC 5280 s4.1.2.6, s4.2.1.6',
  text: 'When the subject is empty, subjectAltName is critical.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) =>
    view.subject.attributes.length === 0 && view.extensions.find(subjectAltName)?.critical === false
      ? 'the subject is empty and subjectAltName is not critical'
      : undefined,
};
