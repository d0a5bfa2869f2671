import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const cabBrDnsNameNoUnderscore: Rule<Extended> = {
  id: 'cab_br_dns_name_no_underscore',
  source: 'CA/B BR 7.1.2.7.12',
  text: 'A dNSName holds no underscore.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => name.includes('_'));
    return wrong && `dNSName ${quote(wrong)} holds an underscore`;
  },
};
