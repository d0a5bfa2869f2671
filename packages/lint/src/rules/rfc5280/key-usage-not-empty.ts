import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { keyUsage } from '../../view/extensions/key-usage.ts';

export const rfc5280KeyUsageNotEmpty: Rule<Extended> = {
  id: 'rfc5280_key_usage_not_empty',
  source: 'RFC 5280 s4.2.1.3',
  text: 'At least one bit of keyUsage is set.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => (extensions.read(keyUsage)?.bits === 0 ? 'no bit of keyUsage is set' : undefined),
};
