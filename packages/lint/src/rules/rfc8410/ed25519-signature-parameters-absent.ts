import type { Rule } from '../../rule.ts';
import { KeyAlgorithm } from '../../view/public-key.ts';
import type { Signed } from '../../view/signed.ts';

export const rfc8410Ed25519SignatureParametersAbsent: Rule<Signed> = {
  id: 'rfc8410_ed25519_signature_parameters_absent',
  source: 'RFC 8410 s3',
  text: 'The parameters of an Ed25519 signature are absent.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ signatureAlgorithm: { oid, parameters } }) =>
    oid === KeyAlgorithm.ed25519 && parameters ? 'an Ed25519 signature with parameters' : undefined,
};
