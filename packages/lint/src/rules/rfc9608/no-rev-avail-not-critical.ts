import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { noRevAvail } from '../../view/extensions/null-extensions.ts';

export const rfc9608NoRevAvailNotCritical: Rule<Extended> = {
  id: 'rfc9608_no_rev_avail_not_critical',
  source: 'RFC 9608 s2',
  text: 'noRevAvail is not critical.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => (extensions.find(noRevAvail)?.critical ? 'noRevAvail is critical' : undefined),
};
