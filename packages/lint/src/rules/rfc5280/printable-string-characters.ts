import { Tag } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Named } from '../../view/name.ts';

export const rfc5280PrintableStringCharacters: Rule<Named> = {
  id: 'rfc5280_printable_string_characters',
  source: 'RFC 5280 App. A.1, X.680 s41.4',
  text: "A PrintableString holds letters, digits, space and '()+,-./:=? only.",
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      for (const { type, tag, text } of attributes) {
        if (tag === Tag.printableString && !/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) {
          return `attribute ${type} holds ${quote(text)}`;
        }
      }
    }
    return undefined;
  },
};
