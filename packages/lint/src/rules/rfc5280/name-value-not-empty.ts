import type { Rule } from '../../rule.ts';
import type { Named } from '../../view/name.ts';

export const rfc5280NameValueNotEmpty: Rule<Named> = {
  id: 'rfc5280_name_value_not_empty',
  source: 'RFC 5280 App. A.1 (SIZE (1..MAX))',
  text: 'No value of a distinguished name is an empty string.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      const empty = attributes.find(({ octets }) => octets === 0);
      if (empty) return `attribute ${empty.type} is empty`;
    }
    return undefined;
  },
};
