import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc5280ExtensionsNotEmpty: Rule<Extended> = {
  id: 'rfc5280_extensions_not_empty',
  source: 'RFC 5280 s4.1.2.9, s5.1.2.7',
  text: 'The extensions field, when present, holds at least one extension.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ extensions }) =>
    extensions.isPresent && extensions.list.length === 0 ? 'an empty sequence of extensions' : undefined,
};
