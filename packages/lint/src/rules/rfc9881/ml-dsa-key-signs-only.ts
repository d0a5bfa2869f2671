import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { keyUsage, keyUsageText, notForSigning } from '../../view/extensions/key-usage.ts';
import { mlDsaKeyOctets } from '../../view/public-key.ts';

export const rfc9881MlDsaKeySignsOnly: Rule<CertificateView> = {
  id: 'rfc9881_ml_dsa_key_signs_only',
  source: 'RFC 9881 s5',
  text: 'The keyUsage of an ML-DSA key has none of keyEncipherment, dataEncipherment, keyAgreement, encipherOnly and decipherOnly.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const bits = (view.extensions.read(keyUsage)?.bits ?? 0) & notForSigning;
    return mlDsaKeyOctets.has(view.publicKey.algorithm.oid) && bits !== 0
      ? `an ML-DSA key with ${keyUsageText(bits)}`
      : undefined;
  },
};
