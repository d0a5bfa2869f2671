import type { Rule } from '../../rule.ts';
import { dnsNamesOf } from '../../view/dns-name.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';

export const rfc1034DnsNameCharacters: Rule<Extended> = {
  id: 'rfc1034_dns_name_characters',
  source: 'RFC 1034 s3.5, RFC 1123 s2.1',
  text: 'A dNSName consists of letters, digits, hyphens and dots. (White space, underscore, asterisk and non-ASCII have rules of their own.)',
  severity: 'error',
  appliesTo: ['certificate'],
  check: (view) => {
    const wrong = dnsNamesOf(view).find((name) => /[^A-Za-z0-9.\-_*\s\x80-\xff]/.test(name));
    return wrong && `dNSName ${quote(wrong)} holds a character that is none of letter, digit, hyphen, dot`;
  },
};
