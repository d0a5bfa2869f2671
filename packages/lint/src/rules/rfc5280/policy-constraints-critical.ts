import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { policyConstraints } from '../../view/extensions/policies.ts';

export const rfc5280PolicyConstraintsCritical: Rule<Extended> = {
  id: 'rfc5280_policy_constraints_critical',
  source: 'RFC 5280 s4.2.1.11',
  text: 'policyConstraints is critical.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) =>
    extensions.find(policyConstraints)?.critical === false ? 'policyConstraints is not critical' : undefined,
};
