import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

export const rfc5280SanNotEmpty: Rule<Extended> = {
  id: 'rfc5280_san_not_empty',
  source: 'RFC 5280 s4.2.1.6',
  text: 'subjectAltName holds at least one name.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) =>
    extensions.read(subjectAltName)?.names.length === 0 ? 'subjectAltName is empty' : undefined,
};
