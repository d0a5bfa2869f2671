import type { Rule } from '../../rule.ts';
import { KeyAlgorithm, type Keyed } from '../../view/public-key.ts';

export const rfc8410Ed25519KeyParametersAbsent: Rule<Keyed> = {
  id: 'rfc8410_ed25519_key_parameters_absent',
  source: 'RFC 8410 s3',
  text: 'The parameters of an Ed25519 public key are absent.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm } }) =>
    algorithm.oid === KeyAlgorithm.ed25519 && algorithm.parameters ? 'an Ed25519 key with parameters' : undefined,
};
