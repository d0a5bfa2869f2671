import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const cabBrDnsNameNoReservedLabel: Rule<Extended> = {
  id: 'cab_br_dns_name_no_reserved_label',
  source: 'CA/B BR 7.1.2.7.12, RFC 5890 s2.3.1',
  text: 'A label of a dNSName with hyphens in its third and fourth place starts with xn-- (an A-label).',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => /(^|\.)(?!xn)[A-Za-z0-9]{2}--/i.test(name));
    return wrong && `dNSName ${quote(wrong)} has a reserved label`;
  },
};
