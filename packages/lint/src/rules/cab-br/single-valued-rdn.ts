import type { Rule } from '../../rule.ts';
import type { Named } from '../../view/name.ts';

export const cabBrSingleValuedRdn: Rule<Named> = {
  id: 'cab_br_single_valued_rdn',
  source: 'CA/B BR 7.1.4.2',
  text: 'Each RelativeDistinguishedName holds exactly one attribute.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) =>
    names.some(({ rdns }) => rdns.some(({ length }) => length !== 1))
      ? 'an RDN with none or several attributes'
      : undefined,
};
