import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlNumber } from '../../view/extensions/crl-number.ts';

export const rfc5280CrlNumberNotNegative: Rule<Extended> = {
  id: 'rfc5280_crl_number_not_negative',
  source: 'RFC 5280 s5.2.3 (INTEGER (0..MAX))',
  text: 'cRLNumber is not negative.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => ((extensions.read(crlNumber)?.[0] ?? 0) >= 0x80 ? 'cRLNumber is negative' : undefined),
};
