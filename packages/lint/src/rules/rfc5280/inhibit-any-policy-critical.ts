import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { inhibitAnyPolicy } from '../../view/extensions/policies.ts';

export const rfc5280InhibitAnyPolicyCritical: Rule<Extended> = {
  id: 'rfc5280_inhibit_any_policy_critical',
  source: 'RFC 5280 s4.2.1.14',
  text: 'inhibitAnyPolicy is critical.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) =>
    extensions.find(inhibitAnyPolicy)?.critical === false ? 'inhibitAnyPolicy is not critical' : undefined,
};
