import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlDistributionPoints, freshestCrl } from '../../view/extensions/distribution-points.ts';

export const rfc5280DistributionPointsNotEmpty: Rule<Extended> = {
  id: 'rfc5280_distribution_points_not_empty',
  source: 'RFC 5280 s4.2.1.13, s4.2.1.15',
  text: 'cRLDistributionPoints and freshestCRL hold at least one point.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) =>
    extensions.read(crlDistributionPoints)?.length === 0 || extensions.read(freshestCrl)?.length === 0
      ? 'a list of distribution points is empty'
      : undefined,
};
