import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

export const rfc5280SanNotCriticalBesideSubject: Rule<CertificateView> = {
  id: 'rfc5280_san_not_critical_beside_subject',
  source: 'RFC 5280 s4.2.1.6',
  text: 'When there is a subject, subjectAltName should not be critical.',
  severity: 'warn',
  appliesTo: ['certificate'],
  check: (view) =>
    view.subject.attributes.length > 0 && view.extensions.find(subjectAltName)?.critical === true
      ? 'subjectAltName is critical although there is a subject'
      : undefined,
};
