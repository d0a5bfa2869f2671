import type { Rule } from '../../rule.ts';
import { type Keyed, mlDsaKeyOctets } from '../../view/public-key.ts';

export const rfc9881MlDsaKeyLength: Rule<Keyed> = {
  id: 'rfc9881_ml_dsa_key_length',
  source: 'RFC 9881 s4, FIPS 204 s4',
  text: 'An ML-DSA public key has 1312 (ML-DSA-44), 1952 (-65) or 2592 (-87) octets.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm, bits } }) => {
    const octets = mlDsaKeyOctets.get(algorithm.oid);
    return octets === undefined || bits.length === octets ? undefined : `an ML-DSA key of ${bits.length} octets`;
  },
};
