import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { nameConstraints } from '../../view/extensions/name-constraints.ts';

export const rfc5280NameConstraintsWithoutBounds: Rule<Extended> = {
  id: 'rfc5280_name_constraints_without_bounds',
  source: 'RFC 5280 s4.2.1.10',
  text: 'minimum of a subtree stays at its default 0, and maximum is absent.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => {
    const value = extensions.read(nameConstraints);
    const subtrees = [...(value?.permitted ?? []), ...(value?.excluded ?? [])];
    return subtrees.some(({ hasBounds }) => hasBounds) ? 'a subtree with minimum or maximum' : undefined;
  },
};
