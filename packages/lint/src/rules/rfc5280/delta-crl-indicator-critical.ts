import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { deltaCrlIndicator } from '../../view/extensions/crl-number.ts';

export const rfc5280DeltaCrlIndicatorCritical: Rule<Extended> = {
  id: 'rfc5280_delta_crl_indicator_critical',
  source: 'RFC 5280 s5.2.4',
  text: 'deltaCRLIndicator is critical.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) =>
    extensions.find(deltaCrlIndicator)?.critical === false ? 'deltaCRLIndicator is not critical' : undefined,
};
