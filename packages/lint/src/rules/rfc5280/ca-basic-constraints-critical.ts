import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { basicConstraints } from '../../view/extensions/basic-constraints.ts';

export const rfc5280CaBasicConstraintsCritical: Rule<Extended> = {
  id: 'rfc5280_ca_basic_constraints_critical',
  source: 'RFC 5280 s4.2.1.9',
  text: 'basicConstraints of a CA is critical.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) =>
    extensions.find(basicConstraints)?.critical ? undefined : 'basicConstraints is not critical',
};
