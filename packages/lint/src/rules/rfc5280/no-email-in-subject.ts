import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { AttributeType } from '../../view/name.ts';

export const rfc5280NoEmailInSubject: Rule<CertificateView> = {
  id: 'rfc5280_no_email_in_subject',
  source: 'RFC 5280 s4.1.2.6',
  text: 'Mail addresses stand in subjectAltName as rfc822Name, not in the subject as emailAddress.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ subject }) =>
    subject.attributes.some(({ type }) => type === AttributeType.emailAddress)
      ? 'the subject holds an emailAddress'
      : undefined,
};
