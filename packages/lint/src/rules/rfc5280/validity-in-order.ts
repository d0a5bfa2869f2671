import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { timeText } from '../../view/time.ts';

export const rfc5280ValidityInOrder: Rule<CertificateView> = {
  id: 'rfc5280_validity_in_order',
  source: 'RFC 5280 s4.1.2.5',
  text: 'notBefore is not later than notAfter.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ notBefore, notAfter }) =>
    notBefore.ms > notAfter.ms
      ? `notBefore ${timeText(notBefore.ms)} is later than notAfter ${timeText(notAfter.ms)}`
      : undefined,
};
