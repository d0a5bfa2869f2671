import type { Rule } from '../../rule.ts';
import type { RequestView } from '../../view/request-view.ts';

export const rfc2986AttributeValuesNotEmpty: Rule<RequestView> = {
  id: 'rfc2986_attribute_values_not_empty',
  source: 'RFC 2986 s4.1 (SET SIZE (1..MAX))',
  text: 'Every attribute has at least one value.',
  severity: 'error',
  appliesTo: ['csr'],
  check: ({ attributes }) => {
    const empty = attributes?.find(({ values }) => values.length === 0);
    return empty && `attribute ${empty.type} has no value`;
  },
};
