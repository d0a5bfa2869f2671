import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { KeyUsageBit, keyUsage, keyUsageText } from '../../view/extensions/key-usage.ts';

const restrictions = KeyUsageBit.encipherOnly | KeyUsageBit.decipherOnly;

export const rfc5280EncipherOnlyNeedsKeyAgreement: Rule<Extended> = {
  id: 'rfc5280_encipher_only_needs_key_agreement',
  source: 'RFC 5280 s4.2.1.3',
  text: 'encipherOnly and decipherOnly have a meaning only together with keyAgreement.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const bits = extensions.read(keyUsage)?.bits ?? 0;
    return (bits & restrictions) !== 0 && (bits & KeyUsageBit.keyAgreement) === 0
      ? `${keyUsageText(bits & restrictions)} without keyAgreement`
      : undefined;
  },
};
