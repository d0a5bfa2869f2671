import {
  contextConstructed,
  contextPrimitive,
  type Der,
  type DerElement,
  DerError,
  DerReader,
  decodeOid,
  encodeExplicit,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeOid,
  encodeOidContent,
  ia5Content,
  type Oid,
} from '@vcc-pki/asn1';
import { decodeIa5Content } from './character-string.ts';
import { prefixLength } from './ip-address.ts';
import { type Name, readName } from './name.ts';

/** A name of any kind (RFC 5280 s4.2.1.6), told apart by `type`. */
export type GeneralName =
  /** `value`: DER of the value inside its `[0]`. */
  | { readonly type: 'otherName'; readonly typeId: Oid; readonly value: Uint8Array }
  | { readonly type: 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'; readonly value: string }
  /** `value`: content octets, not taken apart. */
  | { readonly type: 'x400Address' | 'ediPartyName'; readonly value: Uint8Array }
  | { readonly type: 'directoryName'; readonly value: Name }
  /** `value`: 4 or 16 octets; in name constraints 8 or 32, address then mask. */
  | { readonly type: 'iPAddress'; readonly value: Uint8Array }
  | { readonly type: 'registeredID'; readonly value: Oid };

/** Where a GeneralName stands: in name constraints an iPAddress has a mask. */
export type GeneralNamePlace = 'name' | 'nameConstraint';

/** Parses one DER GeneralName. @throws {@link DerError} */
export function parseGeneralName(der: Uint8Array, place: GeneralNamePlace = 'name'): GeneralName {
  const reader = new DerReader(der);
  const name = readGeneralName(reader, place);
  reader.end();
  return name;
}

/** Reads the next value as a GeneralName. @throws {@link DerError} */
export function readGeneralName(reader: DerReader, place: GeneralNamePlace = 'name'): GeneralName {
  const element = reader.readElement();
  switch (element.tag) {
    case contextConstructed(0):
      return readOtherName(element);
    case contextPrimitive(1):
      return { type: 'rfc822Name', value: decodeIa5Content(element) };
    case contextPrimitive(2):
      return { type: 'dNSName', value: decodeIa5Content(element) };
    case contextConstructed(3):
      return { type: 'x400Address', value: element.content };
    case contextConstructed(4):
      return readDirectoryName(element);
    case contextConstructed(5):
      return { type: 'ediPartyName', value: element.content };
    case contextPrimitive(6):
      return { type: 'uniformResourceIdentifier', value: decodeIa5Content(element) };
    case contextPrimitive(7):
      return { type: 'iPAddress', value: checkIpAddress(element, place) };
    case contextPrimitive(8):
      return { type: 'registeredID', value: decodeOid(element.content, element.offset) };
    default:
      throw new DerError('unexpectedTag', 'not a kind of GeneralName', element.offset);
  }
}

/** Reads all GeneralNames of what a SEQUENCE OF holds; at least one. @throws {@link DerError} */
export function readGeneralNames(reader: DerReader): GeneralName[] {
  const names: GeneralName[] = [];
  do names.push(readGeneralName(reader));
  while (!reader.atEnd);
  return names;
}

function readOtherName({ content, offset }: DerElement): GeneralName {
  const inner = new DerReader(content, offset);
  const typeId = inner.readOid();
  const explicit = inner.readConstructed(contextConstructed(0));
  const value = explicit.readElement().der;
  explicit.end();
  inner.end();
  return { type: 'otherName', typeId, value };
}

function readDirectoryName({ content, offset }: DerElement): GeneralName {
  const inner = new DerReader(content, offset);
  const value = readName(inner);
  inner.end();
  return { type: 'directoryName', value };
}

function checkIpAddress({ content, offset }: DerElement, place: GeneralNamePlace): Uint8Array {
  const length = place === 'name' ? content.length : content.length / 2;
  if (length !== 4 && length !== 16) throw new DerError('invalidValue', 'an iPAddress of wrong length', offset);
  if (place === 'nameConstraint' && prefixLength(content) === undefined) {
    throw new DerError('invalidValue', 'the mask of an iPAddress has gaps', offset);
  }
  return content;
}

/** Encodes one GeneralName. @throws RangeError when text is not ASCII or an OID is none. */
export function encodeGeneralName(name: GeneralName): Der {
  switch (name.type) {
    case 'otherName':
      return encodeImplicitConstructed(0, encodeOid(name.typeId), encodeExplicit(0, name.value));
    case 'rfc822Name':
      return encodeImplicit(1, ia5Content(name.value));
    case 'dNSName':
      return encodeImplicit(2, ia5Content(name.value));
    case 'x400Address':
      return encodeImplicitConstructed(3, name.value);
    case 'directoryName':
      return encodeExplicit(4, name.value.der);
    case 'ediPartyName':
      return encodeImplicitConstructed(5, name.value);
    case 'uniformResourceIdentifier':
      return encodeImplicit(6, ia5Content(name.value));
    case 'iPAddress':
      return encodeImplicit(7, name.value);
    case 'registeredID':
      return encodeImplicit(8, encodeOidContent(name.value));
  }
}
