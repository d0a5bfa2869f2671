import type { Rule } from '../../rule.ts';
import { bitLength, type Keyed } from '../../view/public-key.ts';

export const cabBrRsaModulusWholeOctets: Rule<Keyed> = {
  id: 'cab_br_rsa_modulus_whole_octets',
  source: 'CA/B BR 6.1.5',
  text: 'The length of an RSA modulus in bits is divisible by 8.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { rsa } }) =>
    rsa && bitLength(rsa.modulus) % 8 !== 0 ? `an RSA modulus of ${bitLength(rsa.modulus)} bits` : undefined,
};
