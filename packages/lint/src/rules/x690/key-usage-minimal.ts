import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { keyUsage } from '../../view/extensions/key-usage.ts';

export const x690KeyUsageMinimal: Rule<Extended> = {
  id: 'x690_key_usage_minimal',
  source: 'X.690 s11.2.2',
  text: 'keyUsage has no trailing zero bits.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.read(keyUsage)?.isMinimal === false ? 'keyUsage has trailing zero bits' : undefined,
};
