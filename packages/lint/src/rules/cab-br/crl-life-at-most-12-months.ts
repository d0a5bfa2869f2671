import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';

/** Of the two readings of twelve months the stricter: a leap year does not make them longer. */
const maxMs = 365 * 86_400_000;

export const cabBrCrlLifeAtMost12Months: Rule<CrlView> = {
  id: 'cab_br_crl_life_at_most_12_months',
  source: 'CA/B BR 4.9.7',
  text: 'nextUpdate is at most 12 months (365 days) after thisUpdate.',
  severity: 'warn',
  appliesTo: ['crl'],
  check: ({ thisUpdate, nextUpdate }) =>
    nextUpdate && nextUpdate.ms - thisUpdate.ms > maxMs ? 'the CRL lives for more than 12 months' : undefined,
};
