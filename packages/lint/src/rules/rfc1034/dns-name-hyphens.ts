import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc1034DnsNameHyphens: Rule<Extended> = {
  id: 'rfc1034_dns_name_hyphens',
  source: 'RFC 1034 s3.5, RFC 1123 s2.1',
  text: 'No label of a dNSName starts or ends with a hyphen.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => /(^|\.)-|-(\.|$)/.test(name));
    return wrong && `dNSName ${quote(wrong)} has a label with a hyphen at its edge`;
  },
};
