import type { Rule } from '../../rule.ts';
import type { RequestView } from '../../view/request-view.ts';

export const rfc2986AttributesPresent: Rule<RequestView> = {
  id: 'rfc2986_attributes_present',
  source: 'RFC 2986 s4.1',
  text: 'The attributes field is there, even when it is empty.',
  severity: 'error',
  appliesTo: ['csr'],
  check: ({ attributes }) => (attributes ? undefined : 'there is no attributes field'),
};
