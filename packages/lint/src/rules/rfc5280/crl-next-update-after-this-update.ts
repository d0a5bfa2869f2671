import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';
import { timeText } from '../../view/time.ts';

export const rfc5280CrlNextUpdateAfterThisUpdate: Rule<CrlView> = {
  id: 'rfc5280_crl_next_update_after_this_update',
  source: 'RFC 5280 s5.1.2.5',
  text: 'nextUpdate is later than thisUpdate.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ thisUpdate, nextUpdate }) =>
    nextUpdate && nextUpdate.ms <= thisUpdate.ms
      ? `nextUpdate ${timeText(nextUpdate.ms)} is not later than thisUpdate ${timeText(thisUpdate.ms)}`
      : undefined,
};
