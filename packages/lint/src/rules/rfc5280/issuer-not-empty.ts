import type { Rule } from '../../rule.ts';
import type { Issued } from '../../view/name.ts';

export const rfc5280IssuerNotEmpty: Rule<Issued> = {
  id: 'rfc5280_issuer_not_empty',
  source: 'RFC 5280 s4.1.2.4, s5.1.2.3',
  text: 'The issuer field holds a non-empty distinguished name.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ issuer }) => (issuer.attributes.length === 0 ? 'the issuer is empty' : undefined),
};
