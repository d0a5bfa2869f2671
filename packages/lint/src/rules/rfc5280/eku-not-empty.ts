import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage } from '../../view/extensions/extended-key-usage.ts';

export const rfc5280EkuNotEmpty: Rule<Extended> = {
  id: 'rfc5280_eku_not_empty',
  source: 'RFC 5280 s4.2.1.12',
  text: 'extKeyUsage holds at least one purpose.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => (extensions.read(extendedKeyUsage)?.length === 0 ? 'extKeyUsage is empty' : undefined),
};
