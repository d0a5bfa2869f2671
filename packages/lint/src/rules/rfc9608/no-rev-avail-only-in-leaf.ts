import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { noRevAvail } from '../../view/extensions/null-extensions.ts';

export const rfc9608NoRevAvailOnlyInLeaf: Rule<Extended> = {
  id: 'rfc9608_no_rev_avail_only_in_leaf',
  source: 'RFC 9608 s3',
  text: 'noRevAvail does not stand in a CA certificate.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => (extensions.find(noRevAvail) ? 'a CA with noRevAvail' : undefined),
};
