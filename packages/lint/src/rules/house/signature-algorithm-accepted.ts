import type { Rule } from '../../rule.ts';
import { SignatureAlgorithm } from '../../view/algorithm-identifier.ts';
import { KeyAlgorithm, mlDsaKeyOctets } from '../../view/public-key.ts';
import type { Signed } from '../../view/signed.ts';

export const houseSignatureAlgorithmAccepted: Rule<Signed> = {
  id: 'house_signature_algorithm_accepted',
  source: 'House rule (CA/B BR 7.1.3.2; RFC 8410; RFC 9881)',
  text: 'The signature is RSA (PKCS #1 or PSS) or ECDSA with SHA-256, SHA-384 or SHA-512, Ed25519 or ML-DSA.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ signatureAlgorithm: { oid } }) =>
    SignatureAlgorithm.rsa.has(oid) ||
    SignatureAlgorithm.ecdsa.has(oid) ||
    oid === SignatureAlgorithm.rsaPss ||
    oid === KeyAlgorithm.ed25519 ||
    mlDsaKeyOctets.has(oid)
      ? undefined
      : `the signature algorithm ${oid} is not accepted`,
};
