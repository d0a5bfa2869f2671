import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const cabBrDnsNameNotIpAddress: Rule<Extended> = {
  id: 'cab_br_dns_name_not_ip_address',
  source: 'CA/B BR 7.1.2.7.12',
  text: 'An IP address stands in iPAddress, not in dNSName.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => /^\d{1,3}(\.\d{1,3}){3}$/.test(name));
    return wrong && `dNSName ${quote(wrong)} is an IP address`;
  },
};
