import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

export const rfc5280IdpCritical: Rule<Extended> = {
  id: 'rfc5280_idp_critical',
  source: 'RFC 5280 s5.2.5',
  text: 'issuingDistributionPoint is critical.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) =>
    extensions.find(issuingDistributionPoint)?.critical === false
      ? 'issuingDistributionPoint is not critical'
      : undefined,
};
