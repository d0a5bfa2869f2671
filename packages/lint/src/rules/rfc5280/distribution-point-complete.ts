import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlDistributionPoints, freshestCrl } from '../../view/extensions/distribution-points.ts';

export const rfc5280DistributionPointComplete: Rule<Extended> = {
  id: 'rfc5280_distribution_point_complete',
  source: 'RFC 5280 s4.2.1.13',
  text: 'A distribution point has a distributionPoint or a cRLIssuer, not reasons alone.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) => {
    const points = [...(extensions.read(crlDistributionPoints) ?? []), ...(extensions.read(freshestCrl) ?? [])];
    return points.some(({ fullName, hasCrlIssuer }) => !fullName && !hasCrlIssuer)
      ? 'a distribution point with neither a name nor a cRLIssuer'
      : undefined;
  },
};
