import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { keyUsage } from '../../view/extensions/key-usage.ts';

export const rfc5280CaKeyUsagePresent: Rule<Extended> = {
  id: 'rfc5280_ca_key_usage_present',
  source: 'RFC 5280 s4.2.1.3',
  text: 'Every CA certificate has a keyUsage.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => (extensions.find(keyUsage) ? undefined : 'a CA without keyUsage'),
};
