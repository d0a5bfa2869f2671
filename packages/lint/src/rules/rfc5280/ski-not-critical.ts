import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const rfc5280SkiNotCritical: Rule<Extended> = {
  id: 'rfc5280_ski_not_critical',
  source: 'RFC 5280 s4.2.1.2',
  text: 'subjectKeyIdentifier is not critical.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.find(subjectKeyIdentifier)?.critical ? 'subjectKeyIdentifier is critical' : undefined,
};
