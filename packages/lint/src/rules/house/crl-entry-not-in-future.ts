import type { EntryRule } from '../../rule.ts';
import { timeText } from '../../view/time.ts';

export const houseCrlEntryNotInFuture: EntryRule = {
  id: 'house_crl_entry_not_in_future',
  source: 'House rule',
  text: 'No certificate is listed as revoked later than thisUpdate.',
  severity: 'warn',
  appliesTo: ['crl'],
  checkEntry: ({ position, revocationDate }, { thisUpdate }) =>
    revocationDate.ms > thisUpdate.ms
      ? `entry ${position}: revoked at ${timeText(revocationDate.ms)}, after thisUpdate`
      : undefined,
};
