import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityInfoAccess } from '../../view/extensions/authority-info-access.ts';

export const rfc5280AiaNotEmpty: Rule<Extended> = {
  id: 'rfc5280_aia_not_empty',
  source: 'RFC 5280 s4.2.2.1',
  text: 'authorityInfoAccess holds at least one description.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) =>
    extensions.read(authorityInfoAccess)?.length === 0 ? 'authorityInfoAccess is empty' : undefined,
};
