import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlNumber } from '../../view/extensions/crl-number.ts';

export const rfc5280CrlNumberNotCritical: Rule<Extended> = {
  id: 'rfc5280_crl_number_not_critical',
  source: 'RFC 5280 s5.2.3',
  text: 'cRLNumber is not critical.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => (extensions.find(crlNumber)?.critical ? 'cRLNumber is critical' : undefined),
};
