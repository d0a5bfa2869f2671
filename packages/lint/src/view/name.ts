import { compareOctets, type DerElement, type DerReader, OctetMemory, type Oid, Tag } from '@vcc-pki/asn1';
import { octetText, readEach, readerOf, utf8Text } from './elements.ts';

/** One `AttributeTypeAndValue`; `text` is the value as far as it is a string, otherwise empty. */
export interface Attribute {
  readonly type: Oid;
  readonly tag: number;
  readonly text: string;
  /** Length of the value in octets. */
  readonly octets: number;
}

/** A distinguished name (RFC 5280 s4.1.2.4), most general part first. */
export interface Name {
  readonly der: Uint8Array;
  readonly rdns: readonly (readonly Attribute[])[];
  readonly attributes: readonly Attribute[];
  /** Whether the attributes of every RDN stand in the order DER demands of a SET OF (X.690 s11.6). */
  readonly isSorted: boolean;
}

/** What carries one distinguished name or two. */
export interface Named {
  readonly names: readonly Name[];
}

/** What somebody has issued. */
export interface Issued {
  readonly issuer: Name;
}

export const AttributeType = {
  commonName: '2.5.4.3',
  country: '2.5.4.6',
  organizationalUnit: '2.5.4.11',
  domainComponent: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

/** Issuers, and most subjects, come again and again. */
const remembered = new OctetMemory<Name>(256);

export function readName(reader: DerReader): Name {
  const known = reader.readRemembered(remembered);
  if (known !== undefined) return known;
  const name = parseName(reader.readElement(Tag.sequence));
  if (name.der.length <= 1024) remembered.keep(name.der, name);
  return name;
}

function parseName(element: DerElement): Name {
  let isSorted = true;
  const rdns = readEach(readerOf(element), (rdnReader) => {
    const elements = readEach(rdnReader.readSet(), (set) => set.readElement(Tag.sequence));
    for (let i = 1; i < elements.length; i++) {
      const [before, after] = [elements[i - 1], elements[i]];
      if (before && after && compareOctets(before.der, after.der) > 0) isSorted = false;
    }
    return elements.map((attribute) => readAttribute(readerOf(attribute)));
  });
  // A copy: who remembers the name has not to keep the certificate or CRL that it stands in.
  return { der: element.der.slice(), rdns, attributes: rdns.flat(), isSorted };
}

function readAttribute(reader: DerReader): Attribute {
  const type = reader.readOid();
  const { tag, content, offset } = reader.readElement();
  reader.end();
  return { type, tag, text: stringText(tag, content, offset), octets: content.length };
}

function stringText(tag: number, content: Uint8Array, offset: number): string {
  switch (tag) {
    case Tag.utf8String:
      return utf8Text(content, offset);
    case Tag.printableString:
    case Tag.ia5String:
    case Tag.teletexString:
      return octetText(content);
    default:
      return '';
  }
}
