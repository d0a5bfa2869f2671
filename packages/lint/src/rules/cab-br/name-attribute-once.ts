import type { Rule } from '../../rule.ts';
import { AttributeType, type Named } from '../../view/name.ts';

const repeatable: ReadonlySet<string> = new Set([AttributeType.domainComponent, AttributeType.organizationalUnit]);

export const cabBrNameAttributeOnce: Rule<Named> = {
  id: 'cab_br_name_attribute_once',
  source: 'CA/B BR 7.1.4.2',
  text: 'No attribute type occurs twice in a distinguished name, domainComponent and organizationalUnitName excepted.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      const types = attributes.map(({ type }) => type).filter((type) => !repeatable.has(type));
      const twice = types.find((type, index) => types.indexOf(type) !== index);
      if (twice) return `attribute ${twice} occurs more than once`;
    }
    return undefined;
  },
};
