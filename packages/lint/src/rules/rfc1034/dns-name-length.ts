import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc1034DnsNameLength: Rule<Extended> = {
  id: 'rfc1034_dns_name_length',
  source: 'RFC 1034 s3.1',
  text: 'A dNSName has at most 253 octets (255 as sent over the wire).',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find(({ length }) => length > 253);
    return wrong && `a dNSName of ${wrong.length} octets`;
  },
};
