import type { Rule } from '../../rule.ts';
import { SignatureAlgorithm } from '../../view/algorithm-identifier.ts';
import type { Signed } from '../../view/signed.ts';

export const rfc5758EcdsaSignatureParametersAbsent: Rule<Signed> = {
  id: 'rfc5758_ecdsa_signature_parameters_absent',
  source: 'RFC 5758 s3.2',
  text: 'The parameters of ecdsa-with-SHA256, -SHA384 and -SHA512 are absent.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ signatureAlgorithm: { oid, parameters } }) =>
    SignatureAlgorithm.ecdsa.has(oid) && parameters ? 'an ECDSA signature with parameters' : undefined,
};
