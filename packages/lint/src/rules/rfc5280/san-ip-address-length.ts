import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { GeneralNameTag } from '../../view/general-name.ts';

export const rfc5280SanIpAddressLength: Rule<Extended> = {
  id: 'rfc5280_san_ip_address_length',
  source: 'RFC 5280 s4.2.1.6',
  text: 'An iPAddress has 4 octets (IPv4) or 16 (IPv6).',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const names = extensions.read(subjectAltName)?.names ?? [];
    const wrong = names.find(
      ({ tag, bytes }) => tag === GeneralNameTag.iPAddress && bytes.length !== 4 && bytes.length !== 16,
    );
    return wrong && `an iPAddress of ${wrong.bytes.length} octets`;
  },
};
