import type { Rule } from '../../rule.ts';
import type { Named } from '../../view/name.ts';

export const x690RdnSorted: Rule<Named> = {
  id: 'x690_rdn_sorted',
  source: 'X.690 s11.6',
  text: 'The attributes of a RelativeDistinguishedName stand in ascending order of their encodings.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ names }) => (names.every(({ isSorted }) => isSorted) ? undefined : 'an RDN in wrong order'),
};
