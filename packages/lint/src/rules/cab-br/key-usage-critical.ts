import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { keyUsage } from '../../view/extensions/key-usage.ts';

export const cabBrKeyUsageCritical: Rule<Extended> = {
  id: 'cab_br_key_usage_critical',
  source: 'CA/B BR 7.1.2.7.6, 7.1.2.10.7; RFC 5280 s4.2.1.3 (SHOULD)',
  text: 'keyUsage is critical.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => (extensions.find(keyUsage)?.critical === false ? 'keyUsage is not critical' : undefined),
};
