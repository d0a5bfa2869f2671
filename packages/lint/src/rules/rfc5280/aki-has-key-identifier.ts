import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const rfc5280AkiHasKeyIdentifier: Rule<Extended> = {
  id: 'rfc5280_aki_has_key_identifier',
  source: 'RFC 5280 s4.2.1.1, s5.2.1',
  text: 'authorityKeyIdentifier holds the keyIdentifier.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) => {
    const value = extensions.read(authorityKeyIdentifier);
    return value && !value.keyIdentifier ? 'authorityKeyIdentifier has no keyIdentifier' : undefined;
  },
};
