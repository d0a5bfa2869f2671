import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage } from '../../view/extensions/extended-key-usage.ts';

export const cabBrLeafEkuPresent: Rule<Extended> = {
  id: 'cab_br_leaf_eku_present',
  source: 'CA/B BR 7.1.2.7.10',
  text: 'Every leaf has an extKeyUsage.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => (extensions.find(extendedKeyUsage) ? undefined : 'there is no extKeyUsage'),
};
