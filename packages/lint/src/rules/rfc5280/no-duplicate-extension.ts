import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc5280NoDuplicateExtension: Rule<Extended> = {
  id: 'rfc5280_no_duplicate_extension',
  source: 'RFC 5280 s4.2',
  text: 'No extension occurs twice.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ extensions: { list } }) => {
    if (new Set(list.map(({ oid }) => oid)).size === list.length) return undefined;
    const twice = list.find(({ oid }, index) => list.findIndex((other) => other.oid === oid) !== index);
    return `extension ${twice?.oid} occurs more than once`;
  },
};
