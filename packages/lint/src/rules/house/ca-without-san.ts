import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

export const houseCaWithoutSan: Rule<Extended> = {
  id: 'house_ca_without_san',
  source: 'House rule',
  text: 'A CA has no subjectAltName: a certificate that names a service must never be able to issue.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => (extensions.find(subjectAltName) ? 'a CA with subjectAltName' : undefined),
};
