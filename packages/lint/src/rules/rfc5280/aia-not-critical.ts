import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityInfoAccess } from '../../view/extensions/authority-info-access.ts';

export const rfc5280AiaNotCritical: Rule<Extended> = {
  id: 'rfc5280_aia_not_critical',
  source: 'RFC 5280 s4.2.2.1, s5.2.7',
  text: 'authorityInfoAccess is not critical.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) =>
    extensions.find(authorityInfoAccess)?.critical ? 'authorityInfoAccess is critical' : undefined,
};
