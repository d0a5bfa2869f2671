import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { keyUsage, keyUsageText, notForSigning } from '../../view/extensions/key-usage.ts';
import { KeyAlgorithm } from '../../view/public-key.ts';

export const rfc8410Ed25519KeySignsOnly: Rule<CertificateView> = {
  id: 'rfc8410_ed25519_key_signs_only',
  source: 'RFC 8410 s5, RFC 9295 s3',
  text: 'The keyUsage of an Ed25519 key has none of keyEncipherment, dataEncipherment, keyAgreement, encipherOnly and decipherOnly.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const bits = (view.extensions.read(keyUsage)?.bits ?? 0) & notForSigning;
    return view.publicKey.algorithm.oid === KeyAlgorithm.ed25519 && bits !== 0
      ? `an Ed25519 key with ${keyUsageText(bits)}`
      : undefined;
  },
};
