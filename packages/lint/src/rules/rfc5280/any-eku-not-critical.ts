import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';

export const rfc5280AnyEkuNotCritical: Rule<Extended> = {
  id: 'rfc5280_any_eku_not_critical',
  source: 'RFC 5280 s4.2.1.12',
  text: 'extKeyUsage should not be critical when it holds anyExtendedKeyUsage.',
  severity: 'warn',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.find(extendedKeyUsage)?.critical && extensions.read(extendedKeyUsage)?.includes(KeyPurpose.any)
      ? 'extKeyUsage is critical and holds anyExtendedKeyUsage'
      : undefined,
};
