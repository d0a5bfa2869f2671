import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlNumber } from '../../view/extensions/crl-number.ts';

export const rfc5280CrlNumberAtMost20Octets: Rule<Extended> = {
  id: 'rfc5280_crl_number_at_most_20_octets',
  source: 'RFC 5280 s5.2.3',
  text: 'cRLNumber has at most 20 octets.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => {
    const octets = extensions.read(crlNumber)?.length ?? 0;
    return octets > 20 ? `cRLNumber has ${octets} octets` : undefined;
  },
};
