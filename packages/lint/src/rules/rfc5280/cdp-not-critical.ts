import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { crlDistributionPoints } from '../../view/extensions/distribution-points.ts';

export const rfc5280CdpNotCritical: Rule<Extended> = {
  id: 'rfc5280_cdp_not_critical',
  source: 'RFC 5280 s4.2.1.13',
  text: 'cRLDistributionPoints is not critical (a SHOULD that the house always follows).',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.find(crlDistributionPoints)?.critical ? 'cRLDistributionPoints is critical' : undefined,
};
