import { Tag } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import { type Attribute, AttributeType, type Named } from '../../view/name.ts';

const ia5Types: ReadonlySet<string> = new Set([AttributeType.domainComponent, AttributeType.emailAddress]);

export const rfc5280NameStringType: Rule<Named> = {
  id: 'rfc5280_name_string_type',
  source: 'RFC 5280 s4.1.2.4, App. A.1',
  text: 'A DirectoryString is a PrintableString or a UTF8String; domainComponent and emailAddress are IA5Strings.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      const wrong = attributes.find((attribute) => !hasAllowedType(attribute));
      if (wrong) return `attribute ${wrong.type} is encoded as type 0x${wrong.tag.toString(16)}`;
    }
    return undefined;
  },
};

function hasAllowedType({ type, tag }: Attribute): boolean {
  // countryName has a rule of its own.
  if (type === AttributeType.country) return true;
  if (ia5Types.has(type)) return tag === Tag.ia5String;
  return tag === Tag.printableString || tag === Tag.utf8String;
}
