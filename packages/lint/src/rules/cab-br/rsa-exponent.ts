import type { Rule } from '../../rule.ts';
import { bitLength, type Keyed } from '../../view/public-key.ts';

export const cabBrRsaExponent: Rule<Keyed> = {
  id: 'cab_br_rsa_exponent',
  source: 'CA/B BR 6.1.6',
  text: 'The public exponent of an RSA key is odd and lies between 2^16+1 and 2^256-1.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { rsa } }) => {
    if (!rsa) return undefined;
    const last = rsa.exponent[rsa.exponent.length - 1] ?? 0;
    const bits = bitLength(rsa.exponent);
    const isNegative = (rsa.exponent[0] ?? 0) >= 0x80;
    // Odd and at least 17 bits long is at least 2^16+1.
    return isNegative || last % 2 === 0 || bits < 17 || bits > 256
      ? `an RSA exponent of ${bits} bits that is not acceptable`
      : undefined;
  },
};
