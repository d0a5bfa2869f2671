import type { EntryRule } from '../../rule.ts';
import { hasTypeOfItsYear, timeText } from '../../view/time.ts';

export const rfc5280CrlEntryTimeType: EntryRule = {
  id: 'rfc5280_crl_entry_time_type',
  source: 'RFC 5280 s5.1.2.6',
  text: 'Revocation dates through 2049 are UTCTime, from 2050 on GeneralizedTime.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: ({ position, revocationDate }) =>
    hasTypeOfItsYear(revocationDate)
      ? undefined
      : `entry ${position}: ${timeText(revocationDate.ms)} is not encoded as the type of its year`,
};
