import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';
import { AgreementAlgorithm, KeyAlgorithm, type Keyed } from '../../view/public-key.ts';

const accepted: ReadonlySet<string> = new Set(Object.values(KeyAlgorithm));
const acceptedForKeks: ReadonlySet<string> = new Set(Object.values(AgreementAlgorithm));

export const houseKeyAlgorithmAccepted: Rule<Keyed & Extended> = {
  id: 'house_key_algorithm_accepted',
  source: 'House rule (CA/B BR 6.1.5; RFC 8410; RFC 9881)',
  text: 'The public key is RSA, EC, Ed25519 or ML-DSA; that of a key-encryption key may be X25519 or X-Wing.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm }, extensions }) => {
    if (accepted.has(algorithm.oid)) return undefined;
    const isKek = acceptedForKeks.has(algorithm.oid) && extensions.read(extendedKeyUsage)?.includes(KeyPurpose.kek);
    return isKek === true ? undefined : `the key algorithm ${algorithm.oid} is not accepted`;
  },
};
