import {
  compareOctets,
  type Der,
  type DerElement,
  DerError,
  DerReader,
  encodeIa5String,
  encodeOid,
  encodePrintableString,
  encodeSequence,
  encodeSetOf,
  encodeUtf8String,
  type Oid,
  Tag,
} from '@vcc-pki/asn1';
import { type AttributeTypeName, attributeType } from './attribute-types.ts';
import { decodeCharacterString } from './character-string.ts';

/** One `type = value` of a name (RFC 5280 s4.1.2.4). */
export interface AttributeTypeAndValue {
  readonly type: Oid;
  /** Identifier octet of the value, for example `Tag.utf8String`. */
  readonly valueTag: number;
  /** The text, or `undefined` when the value is of no string type, which only unknown types may be. */
  readonly value: string | undefined;
  /** DER of the value alone. */
  readonly valueDer: Uint8Array;
  /** DER of type and value. */
  readonly der: Uint8Array;
}

/** The attributes that stand on one level of a name; nearly always one. */
export type RelativeDistinguishedName = readonly AttributeTypeAndValue[];

/** A distinguished name, from the root of the tree down; empty when it has no RDNs. */
export interface Name {
  readonly der: Uint8Array;
  readonly rdns: readonly RelativeDistinguishedName[];
}

/** One attribute to put into a name: an X.520 name or an OID, and the text. */
export interface AttributeInput {
  readonly type: AttributeTypeName | Oid;
  readonly value: string;
}

/** Parses a DER Name. @throws {@link DerError} */
export function parseName(der: Uint8Array): Name {
  const reader = new DerReader(der);
  const name = readName(reader);
  reader.end();
  return name;
}

/** Reads the next value as a Name, implicitly not tagged (it is a CHOICE). @throws {@link DerError} */
export function readName(reader: DerReader): Name {
  const { der, content, offset } = reader.readElement(Tag.sequence);
  const inner = new DerReader(content, offset);
  const rdns: RelativeDistinguishedName[] = [];
  while (!inner.atEnd) rdns.push(readRdn(inner.readElement(Tag.set)));
  return { der, rdns };
}

/** Reads what a SET OF attributes holds; `element` may carry another tag in place of SET. @throws {@link DerError} */
export function readRdn(element: DerElement): RelativeDistinguishedName {
  const reader = new DerReader(element.content, element.offset);
  const attributes: AttributeTypeAndValue[] = [];
  let previous: Uint8Array | undefined;
  do {
    const attribute = readAttribute(reader);
    if (previous !== undefined && compareOctets(previous, attribute.der) >= 0) {
      throw new DerError(
        'invalidValue',
        'members of a SET OF are out of order or repeated (X.690 s11.6)',
        reader.offset,
      );
    }
    previous = attribute.der;
    attributes.push(attribute);
  } while (!reader.atEnd);
  return attributes;
}

function readAttribute(reader: DerReader): AttributeTypeAndValue {
  const { der, content, offset } = reader.readElement(Tag.sequence);
  const inner = new DerReader(content, offset);
  const type = inner.readOid();
  const element = inner.readElement();
  inner.end();
  const value = decodeCharacterString(element);
  if (value === undefined && attributeType(type) !== undefined) {
    throw new DerError('unexpectedTag', `the value of attribute ${type} is no string (RFC 5280 A.1)`, element.offset);
  }
  return { type, valueTag: element.tag, value, valueDer: element.der, der };
}

/**
 * Encodes a name of one attribute a level, in the given order (country first, common name last by custom).
 * @throws RangeError when a value does not fit its type: length, or characters of a PrintableString or IA5String.
 */
export function encodeName(attributes: readonly AttributeInput[]): Der {
  return encodeSequence(...attributes.map((attribute) => encodeSetOf(encodeAttribute(attribute))));
}

function encodeAttribute({ type, value }: AttributeInput): Der {
  const row = attributeType(type);
  if (row === undefined) return encodeSequence(encodeOid(type), encodeUtf8String(value));
  const [fewest, most] = row.length;
  const length = countCharacters(value);
  if (length < fewest || length > most) {
    throw new RangeError(`${row.shortName} has ${fewest} to ${most} characters, not ${length} (RFC 5280 A.1)`);
  }
  return encodeSequence(encodeOid(row.oid), encodeText(row.stringTag, value));
}

/** Code points, not code units. */
function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function encodeText(tag: number, value: string): Der {
  if (tag === Tag.printableString) return encodePrintableString(value);
  if (tag === Tag.ia5String) return encodeIa5String(value);
  return encodeUtf8String(value);
}

/** The most specific common name, or `undefined` when there is none that is text. */
export function commonName(name: Name): string | undefined {
  return name.rdns.flat().findLast(({ type, value }) => type === '2.5.4.3' && value !== undefined)?.value;
}
