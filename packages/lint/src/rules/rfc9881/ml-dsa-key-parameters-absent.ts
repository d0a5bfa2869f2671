import type { Rule } from '../../rule.ts';
import { type Keyed, mlDsaKeyOctets } from '../../view/public-key.ts';

export const rfc9881MlDsaKeyParametersAbsent: Rule<Keyed> = {
  id: 'rfc9881_ml_dsa_key_parameters_absent',
  source: 'RFC 9881 s2',
  text: 'The parameters of an ML-DSA public key are absent.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm } }) =>
    mlDsaKeyOctets.has(algorithm.oid) && algorithm.parameters ? 'an ML-DSA key with parameters' : undefined,
};
