import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectKeyIdentifier } from '../../view/extensions/key-identifiers.ts';

export const houseSkiLength: Rule<Extended> = {
  id: 'house_ski_length',
  source: 'House rule (RFC 5280 s4.2.1.2, RFC 7093 s2)',
  text: 'subjectKeyIdentifier has 20 to 32 octets, as a hash has.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const octets = extensions.read(subjectKeyIdentifier)?.length;
    return octets !== undefined && (octets < 20 || octets > 32)
      ? `a subjectKeyIdentifier of ${octets} octets`
      : undefined;
  },
};
