import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { hasTypeOfItsYear, timeText } from '../../view/time.ts';

export const rfc5280ValidityTimeType: Rule<CertificateView> = {
  id: 'rfc5280_validity_time_type',
  source: 'RFC 5280 s4.1.2.5',
  text: 'Dates through 2049 are UTCTime, from 2050 on GeneralizedTime.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ notBefore, notAfter }) => {
    const wrong = [notBefore, notAfter].find((time) => !hasTypeOfItsYear(time));
    return wrong && `${timeText(wrong.ms)} is not encoded as the type of its year`;
  },
};
