import type { Rule } from '../../rule.ts';
import { KeyAlgorithm, type Keyed } from '../../view/public-key.ts';

export const rfc5480EcKeyNamesItsCurve: Rule<Keyed> = {
  id: 'rfc5480_ec_key_names_its_curve',
  source: 'RFC 5480 s2.1.1',
  text: 'The parameters of an EC public key name a curve; implicit and explicit curves are not used.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey }) =>
    publicKey.algorithm.oid === KeyAlgorithm.ecPublicKey && publicKey.curve === undefined
      ? 'an EC key without a named curve'
      : undefined,
};
