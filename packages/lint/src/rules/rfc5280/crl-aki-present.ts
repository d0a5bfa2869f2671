import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const rfc5280CrlAkiPresent: Rule<Extended> = {
  id: 'rfc5280_crl_aki_present',
  source: 'RFC 5280 s5.2.1',
  text: 'A CRL has an authorityKeyIdentifier.',
  severity: 'error',
  appliesTo: ['crl'],
  check: ({ extensions }) =>
    extensions.find(authorityKeyIdentifier) ? undefined : 'there is no authorityKeyIdentifier',
};
