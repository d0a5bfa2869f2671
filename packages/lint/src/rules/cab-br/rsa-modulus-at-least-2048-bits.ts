import type { Rule } from '../../rule.ts';
import { bitLength, type Keyed } from '../../view/public-key.ts';

export const cabBrRsaModulusAtLeast2048Bits: Rule<Keyed> = {
  id: 'cab_br_rsa_modulus_at_least_2048_bits',
  source: 'CA/B BR 6.1.5',
  text: 'The modulus of an RSA key has at least 2048 bits.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { rsa } }) =>
    rsa && bitLength(rsa.modulus) < 2048 ? `an RSA modulus of ${bitLength(rsa.modulus)} bits` : undefined,
};
