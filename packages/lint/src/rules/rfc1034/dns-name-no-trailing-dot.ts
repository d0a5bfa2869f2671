import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc1034DnsNameNoTrailingDot: Rule<Extended> = {
  id: 'rfc1034_dns_name_no_trailing_dot',
  source: 'RFC 1034 s3.5, RFC 5280 s4.2.1.6',
  text: 'A dNSName in preferred name syntax has no trailing dot.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => name.endsWith('.'));
    return wrong && `dNSName ${quote(wrong)} ends with a dot`;
  },
};
