import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const rfc5280CaSkiPresent: Rule<Extended> = {
  id: 'rfc5280_ca_ski_present',
  source: 'RFC 5280 s4.2.1.2',
  text: 'Every CA certificate has a subjectKeyIdentifier.',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => (extensions.find(subjectKeyIdentifier) ? undefined : 'a CA without subjectKeyIdentifier'),
};
