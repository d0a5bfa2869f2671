import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { deltaCrlIndicator } from '../../view/extensions/crl-number.ts';
import { freshestCrl } from '../../view/extensions/distribution-points.ts';

export const rfc5280DeltaCrlWithoutFreshestCrl: Rule<Extended> = {
  id: 'rfc5280_delta_crl_without_freshest_crl',
  source: 'RFC 5280 s5.2.6',
  text: 'A delta CRL has no freshestCRL.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) =>
    extensions.find(deltaCrlIndicator) && extensions.find(freshestCrl) ? 'a delta CRL with freshestCRL' : undefined,
};
