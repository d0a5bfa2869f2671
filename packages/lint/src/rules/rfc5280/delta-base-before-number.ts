import { compareOctets } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlNumber, deltaCrlIndicator } from '../../view/extensions/crl-number.ts';

export const rfc5280DeltaBaseBeforeNumber: Rule<Extended> = {
  id: 'rfc5280_delta_base_before_number',
  source: 'RFC 5280 s5.2.4',
  text: 'The base of a delta CRL has a smaller number than the delta CRL itself.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => {
    const base = extensions.read(deltaCrlIndicator);
    const number = extensions.read(crlNumber);
    if (!base || !number) return undefined;
    // Both are non-negative and in their shortest form: the longer is the larger.
    const isSmaller = base.length === number.length ? compareOctets(base, number) < 0 : base.length < number.length;
    return isSmaller ? undefined : 'the base CRL number is not smaller than cRLNumber';
  },
};
