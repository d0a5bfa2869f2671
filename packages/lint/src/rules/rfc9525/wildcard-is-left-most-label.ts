import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc9525WildcardIsLeftMostLabel: Rule<Extended> = {
  id: 'rfc9525_wildcard_is_left_most_label',
  source: 'RFC 9525 s6.3',
  text: 'A wildcard in a dNSName is the whole left-most label, once, and something follows it.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => name.includes('*') && !/^\*\.[^*]+$/.test(name));
    return wrong && `dNSName ${quote(wrong)} has a wildcard that is not its whole left-most label`;
  },
};
