import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { nameConstraints } from '../../view/extensions/name-constraints.ts';
import { GeneralNameTag } from '../../view/general-name.ts';

export const rfc5280NameConstraintsIpAddressLength: Rule<Extended> = {
  id: 'rfc5280_name_constraints_ip_address_length',
  source: 'RFC 5280 s4.2.1.10',
  text: 'An iPAddress constraint is an address and a mask: 8 octets (IPv4) or 32 (IPv6).',
  severity: 'error',
  appliesTo: ['ca'],
  check: ({ extensions }) => {
    const value = extensions.read(nameConstraints);
    const subtrees = [...(value?.permitted ?? []), ...(value?.excluded ?? [])];
    const wrong = subtrees.find(
      ({ base: { tag, bytes } }) => tag === GeneralNameTag.iPAddress && bytes.length !== 8 && bytes.length !== 32,
    );
    return wrong && `an iPAddress constraint of ${wrong.base.bytes.length} octets`;
  },
};
