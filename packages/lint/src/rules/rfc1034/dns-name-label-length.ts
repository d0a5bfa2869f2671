import type { Rule } from '../../rule.ts';
import { dnsNamesOf, labelsOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc1034DnsNameLabelLength: Rule<Extended> = {
  id: 'rfc1034_dns_name_label_length',
  source: 'RFC 1034 s3.1',
  text: 'Each label of a dNSName has 1 to 63 octets.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find(
      (name) => name !== '' && labelsOf(name).some(({ length }) => length < 1 || length > 63),
    );
    return wrong && `dNSName ${quote(wrong)} has a label that is empty or too long`;
  },
};
