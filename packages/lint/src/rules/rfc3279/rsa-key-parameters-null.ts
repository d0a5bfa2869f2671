import type { Rule } from '../../rule.ts';
import { isNull } from '../../view/algorithm-identifier.ts';
import { KeyAlgorithm, type Keyed } from '../../view/public-key.ts';

export const rfc3279RsaKeyParametersNull: Rule<Keyed> = {
  id: 'rfc3279_rsa_key_parameters_null',
  source: 'RFC 3279 s2.3.1',
  text: 'The parameters of an RSA public key (rsaEncryption) are NULL.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm } }) =>
    algorithm.oid === KeyAlgorithm.rsaEncryption && !isNull(algorithm.parameters)
      ? 'the parameters of an RSA key are not NULL'
      : undefined,
};
