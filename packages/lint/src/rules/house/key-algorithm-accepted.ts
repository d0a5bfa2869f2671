import type { Rule } from '../../rule.ts';
import { KeyAlgorithm, type Keyed } from '../../view/public-key.ts';

const accepted: ReadonlySet<string> = new Set(Object.values(KeyAlgorithm));

export const houseKeyAlgorithmAccepted: Rule<Keyed> = {
  id: 'house_key_algorithm_accepted',
  source: 'House rule (CA/B BR 6.1.5; RFC 8410; RFC 9881)',
  text: 'The public key is RSA, EC, Ed25519 or ML-DSA.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm } }) =>
    accepted.has(algorithm.oid) ? undefined : `the key algorithm ${algorithm.oid} is not accepted`,
};
