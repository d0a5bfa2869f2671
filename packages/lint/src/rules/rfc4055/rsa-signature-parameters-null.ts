import type { Rule } from '../../rule.ts';
import { isNull, SignatureAlgorithm } from '../../view/algorithm-identifier.ts';
import type { Signed } from '../../view/signed.ts';

export const rfc4055RsaSignatureParametersNull: Rule<Signed> = {
  id: 'rfc4055_rsa_signature_parameters_null',
  source: 'RFC 4055 s5',
  text: 'The parameters of sha256WithRSAEncryption, sha384WithRSAEncryption and sha512WithRSAEncryption are NULL.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ signatureAlgorithm: { oid, parameters } }) =>
    SignatureAlgorithm.rsa.has(oid) && !isNull(parameters)
      ? 'the parameters of an RSA signature are not NULL'
      : undefined,
};
