import type { Rule } from '../../rule.ts';
import { bitLength, type Keyed } from '../../view/public-key.ts';

export const houseRsaModulusAtMost4096Bits: Rule<Keyed> = {
  id: 'house_rsa_modulus_at_most_4096_bits',
  source: 'House rule (verification cost)',
  text: 'The modulus of an RSA key has at most 4096 bits.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { rsa } }) =>
    rsa && bitLength(rsa.modulus) > 4096 ? `an RSA modulus of ${bitLength(rsa.modulus)} bits` : undefined,
};
