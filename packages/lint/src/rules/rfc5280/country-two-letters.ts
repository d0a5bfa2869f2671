import { Tag } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import { AttributeType, type Named } from '../../view/name.ts';

export const rfc5280CountryTwoLetters: Rule<Named> = {
  id: 'rfc5280_country_two_letters',
  source: 'RFC 5280 App. A.1 (X520countryName), ISO 3166',
  text: 'countryName is a PrintableString of exactly two upper-case letters.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      const country = attributes.find(({ type }) => type === AttributeType.country);
      if (!country) continue;
      if (country.tag !== Tag.printableString) return 'countryName is not a PrintableString';
      if (!/^[A-Z]{2}$/.test(country.text)) return `countryName is ${quote(country.text)}`;
    }
    return undefined;
  },
};
