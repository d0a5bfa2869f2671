import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { freshestCrl } from '../../view/extensions/distribution-points.ts';

export const rfc5280FreshestCrlNotCritical: Rule<Extended> = {
  id: 'rfc5280_freshest_crl_not_critical',
  source: 'RFC 5280 s4.2.1.15, s5.2.6',
  text: 'freshestCRL is not critical.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) => (extensions.find(freshestCrl)?.critical ? 'freshestCRL is critical' : undefined),
};
