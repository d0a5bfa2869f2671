import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { KeyUsageBit, keyUsage, keyUsageText } from '../../view/extensions/key-usage.ts';
import { KeyAlgorithm } from '../../view/public-key.ts';

const enciphers = KeyUsageBit.keyEncipherment | KeyUsageBit.dataEncipherment;

export const rfc8813EcKeyNeverEnciphers: Rule<CertificateView> = {
  id: 'rfc8813_ec_key_never_enciphers',
  source: 'RFC 8813 s3',
  text: 'The keyUsage of an EC key has neither keyEncipherment nor dataEncipherment.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const bits = (view.extensions.read(keyUsage)?.bits ?? 0) & enciphers;
    return view.publicKey.algorithm.oid === KeyAlgorithm.ecPublicKey && bits !== 0
      ? `an EC key with ${keyUsageText(bits)}`
      : undefined;
  },
};
