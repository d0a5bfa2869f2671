import { isUtf8 } from 'node:buffer';
import { type DerElement, DerError, Tag } from '@vcc-pki/asn1';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** What each string type may hold, beyond what its encoding checks (X.680 s41). */
const alphabets: ReadonlyMap<number, RegExp> = new Map([
  [Tag.printableString, /^[A-Za-z0-9 '()+,\-./:=?]*$/],
  [Tag.numericString, /^[0-9 ]*$/],
  [Tag.visibleString, /^[\x20-\x7e]*$/],
]);

/**
 * The text of a character string, or `undefined` when `element` is of no string type.
 * TeletexString is read as Latin-1, as everybody writes it.
 * @throws {@link DerError} `invalidValue` when the octets are not of that type.
 */
export function decodeCharacterString(element: DerElement): string | undefined {
  const { tag, content } = element;
  switch (tag) {
    case Tag.utf8String:
      return isAscii(content) ? latin1(content) : decodeUtf8(element);
    case Tag.printableString:
    case Tag.numericString:
    case Tag.visibleString:
    case Tag.ia5String: {
      const text = latin1(content);
      if (!isAscii(content) || alphabets.get(tag)?.test(text) === false) fail(element);
      return text;
    }
    case Tag.teletexString:
      return latin1(content);
    case Tag.bmpString:
      return decodeFixedWidth(element, 2);
    case Tag.universalString:
      return decodeFixedWidth(element, 4);
    default:
      return undefined;
  }
}

/** The text of IA5String content octets. @throws {@link DerError} `invalidValue` */
export function decodeIa5Content(element: DerElement): string {
  if (!isAscii(element.content)) fail(element);
  return latin1(element.content);
}

function decodeUtf8(element: DerElement): string {
  if (!isUtf8(element.content)) fail(element);
  return utf8.decode(element.content);
}

/** BMPString (2 octets a character, no surrogates) and UniversalString (4 octets). */
function decodeFixedWidth(element: DerElement, width: 2 | 4): string {
  const { content } = element;
  if (content.length % width !== 0) fail(element);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const characters: string[] = [];
  for (let at = 0; at < content.length; at += width) {
    const point = width === 2 ? view.getUint16(at) : view.getUint32(at);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) fail(element);
    characters.push(String.fromCodePoint(point));
  }
  return characters.join('');
}

function isAscii(content: Uint8Array): boolean {
  for (const octet of content) if (octet > 0x7f) return false;
  return true;
}

function latin1(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}

function fail({ tag, offset }: DerElement): never {
  throw new DerError('invalidValue', `a string of type ${tag} holds what it cannot`, offset);
}
