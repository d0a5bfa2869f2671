import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const rfc5280AkiNotCritical: Rule<Extended> = {
  id: 'rfc5280_aki_not_critical',
  source: 'RFC 5280 s4.2.1.1',
  text: 'authorityKeyIdentifier is not critical.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) =>
    extensions.find(authorityKeyIdentifier)?.critical ? 'authorityKeyIdentifier is critical' : undefined,
};
