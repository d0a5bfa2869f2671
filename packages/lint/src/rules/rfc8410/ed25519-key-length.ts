import type { Rule } from '../../rule.ts';
import { KeyAlgorithm, type Keyed } from '../../view/public-key.ts';

export const rfc8410Ed25519KeyLength: Rule<Keyed> = {
  id: 'rfc8410_ed25519_key_length',
  source: 'RFC 8410 s4, RFC 8032 s5.1.5',
  text: 'An Ed25519 public key has 32 octets.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { algorithm, bits } }) =>
    algorithm.oid === KeyAlgorithm.ed25519 && bits.length !== 32
      ? `an Ed25519 key of ${bits.length} octets`
      : undefined,
};
