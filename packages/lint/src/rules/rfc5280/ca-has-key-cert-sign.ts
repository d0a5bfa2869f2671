import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { KeyUsageBit, keyUsage } from '../../view/extensions/key-usage.ts';

export const rfc5280CaHasKeyCertSign: Rule<Extended> = {
  id: 'rfc5280_ca_has_key_cert_sign',
  source: 'RFC 5280 s4.2.1.3',
  text: 'The keyUsage of a CA has keyCertSign set.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => {
    const usage = extensions.read(keyUsage);
    return usage && (usage.bits & KeyUsageBit.keyCertSign) === 0 ? 'cA is set, but keyCertSign is not' : undefined;
  },
};
