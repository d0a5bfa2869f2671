import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';

export const cabBrLeafNoAnyEku: Rule<Extended> = {
  id: 'cab_br_leaf_no_any_eku',
  source: 'CA/B BR 7.1.2.7.10',
  text: 'The extKeyUsage of a leaf does not hold anyExtendedKeyUsage.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) =>
    extensions.read(extendedKeyUsage)?.includes(KeyPurpose.any) ? 'extKeyUsage holds anyExtendedKeyUsage' : undefined,
};
