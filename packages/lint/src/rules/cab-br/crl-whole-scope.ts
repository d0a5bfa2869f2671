import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

export const cabBrCrlWholeScope: Rule<Extended> = {
  id: 'cab_br_crl_whole_scope',
  source: 'CA/B BR 7.2.2.1',
  text: 'issuingDistributionPoint restricts the CRL neither to some reasons nor to attribute certificates, and the CRL is not indirect.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) => {
    const value = extensions.read(issuingDistributionPoint);
    return value?.hasOnlySomeReasons || value?.indirectCRL || value?.onlyContainsAttributeCerts
      ? 'the CRL is indirect, or restricted to some reasons or to attribute certificates'
      : undefined;
  },
};
