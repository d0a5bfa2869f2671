import type { Rule } from '../../rule.ts';
import type { Named } from '../../view/name.ts';

const upperBounds: ReadonlyMap<string, number> = new Map([
  ['2.5.4.3', 64], // commonName
  ['2.5.4.4', 32768], // surname
  ['2.5.4.5', 64], // serialNumber
  ['2.5.4.7', 128], // localityName
  ['2.5.4.8', 128], // stateOrProvinceName
  ['2.5.4.10', 64], // organizationName
  ['2.5.4.11', 64], // organizationalUnitName
  ['2.5.4.12', 64], // title
  ['2.5.4.41', 32768], // name
  ['2.5.4.42', 32768], // givenName
  ['2.5.4.43', 32768], // initials
  ['2.5.4.44', 32768], // generationQualifier
  ['2.5.4.65', 128], // pseudonym
  ['1.2.840.113549.1.9.1', 255], // emailAddress
]);

export const rfc5280NameUpperBounds: Rule<Named> = {
  id: 'rfc5280_name_upper_bounds',
  source: 'RFC 5280 App. A.1 (upper bounds)',
  text: 'Values of a distinguished name keep their upper bounds: commonName, organizationName, organizationalUnitName, serialNumber and title 64 characters, localityName, stateOrProvinceName and pseudonym 128, emailAddress 255, personal names 32768.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      for (const { type, text } of attributes) {
        const bound = upperBounds.get(type);
        // Code units are never fewer than characters, so the exact count is needed only beyond the bound.
        if (bound !== undefined && text.length > bound && [...text].length > bound) {
          return `attribute ${type} has more than ${bound} characters`;
        }
      }
    }
    return undefined;
  },
};
