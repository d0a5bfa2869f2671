import type { Rule } from '../../rule.ts';
import { mlDsaKeyOctets } from '../../view/public-key.ts';
import type { Signed } from '../../view/signed.ts';

export const rfc9881MlDsaSignatureParametersAbsent: Rule<Signed> = {
  id: 'rfc9881_ml_dsa_signature_parameters_absent',
  source: 'RFC 9881 s2',
  text: 'The parameters of an ML-DSA signature are absent.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ signatureAlgorithm: { oid, parameters } }) =>
    mlDsaKeyOctets.has(oid) && parameters ? 'an ML-DSA signature with parameters' : undefined,
};
