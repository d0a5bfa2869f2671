import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { policyConstraints } from '../../view/extensions/policies.ts';

export const rfc5280PolicyConstraintsNotEmpty: Rule<Extended> = {
  id: 'rfc5280_policy_constraints_not_empty',
  source: 'RFC 5280 s4.2.1.11',
  text: 'policyConstraints has at least one of its two fields.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => (extensions.read(policyConstraints) === 0 ? 'policyConstraints is empty' : undefined),
};
