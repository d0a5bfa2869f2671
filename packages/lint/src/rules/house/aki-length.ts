import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { authorityKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const houseAkiLength: Rule<Extended> = {
  id: 'house_aki_length',
  source: 'House rule (RFC 5280 s4.2.1.2, RFC 7093 s2)',
  text: 'The keyIdentifier of authorityKeyIdentifier has 20 to 32 octets, as a hash has.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ extensions }) => {
    const octets = extensions.read(authorityKeyIdentifier)?.keyIdentifier?.length;
    return octets !== undefined && (octets < 20 || octets > 32) ? `a keyIdentifier of ${octets} octets` : undefined;
  },
};
