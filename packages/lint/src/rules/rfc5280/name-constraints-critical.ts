import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { nameConstraints } from '../../view/extensions/name-constraints.ts';

export const rfc5280NameConstraintsCritical: Rule<Extended> = {
  id: 'rfc5280_name_constraints_critical',
  source: 'RFC 5280 s4.2.1.10',
  text: 'nameConstraints is critical.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) =>
    extensions.find(nameConstraints)?.critical === false ? 'nameConstraints is not critical' : undefined,
};
