import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc5280DnsNameNoSpace: Rule<Extended> = {
  id: 'rfc5280_dns_name_no_space',
  source: 'RFC 5280 s4.2.1.6',
  text: 'A dNSName is neither empty nor blank, and holds no white space.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => name === '' || /\s/.test(name));
    return wrong === undefined ? undefined : `dNSName ${quote(wrong)} is empty or holds white space`;
  },
};
