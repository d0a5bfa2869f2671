import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';
import { hasTypeOfItsYear, timeText } from '../../view/time.ts';

export const rfc5280CrlTimeType: Rule<CrlView> = {
  id: 'rfc5280_crl_time_type',
  source: 'RFC 5280 s5.1.2.4, s5.1.2.5',
  text: 'thisUpdate and nextUpdate through 2049 are UTCTime, from 2050 on GeneralizedTime.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ thisUpdate, nextUpdate }) => {
    const wrong = [thisUpdate, nextUpdate].find((time) => time && !hasTypeOfItsYear(time));
    return wrong && `${timeText(wrong.ms)} is not encoded as the type of its year`;
  },
};
