import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlNumber } from '../../view/extensions/crl-number.ts';

export const rfc5280CrlNumberPresent: Rule<Extended> = {
  id: 'rfc5280_crl_number_present',
  source: 'RFC 5280 s5.2.3',
  text: 'A CRL has a cRLNumber.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => (extensions.find(crlNumber) ? undefined : 'there is no cRLNumber'),
};
