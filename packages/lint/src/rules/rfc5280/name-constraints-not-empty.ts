import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { nameConstraints } from '../../view/extensions/name-constraints.ts';

export const rfc5280NameConstraintsNotEmpty: Rule<Extended> = {
  id: 'rfc5280_name_constraints_not_empty',
  source: 'RFC 5280 s4.2.1.10',
  text: 'nameConstraints has permitted or excluded subtrees, and neither list is empty.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => {
    const value = extensions.read(nameConstraints);
    if (!value) return undefined;
    const lists = [value.permitted, value.excluded].filter((list) => list !== undefined);
    return lists.length === 0 || lists.some((list) => list.length === 0)
      ? 'nameConstraints without subtrees'
      : undefined;
  },
};
