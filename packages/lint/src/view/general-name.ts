import { DerError, type DerReader, Tag } from '@vcc-pki/asn1';
import { octetText, readEach } from './elements.ts';

/** Identifier octets of the choices of `GeneralName` (RFC 5280 s4.2.1.6). */
export const GeneralNameTag = {
  otherName: 0xa0,
  rfc822Name: 0x81,
  dNSName: 0x82,
  x400Address: 0xa3,
  directoryName: 0xa4,
  ediPartyName: 0xa5,
  uniformResourceIdentifier: 0x86,
  iPAddress: 0x87,
  registeredID: 0x88,
} as const;

const tags: ReadonlySet<number> = new Set(Object.values(GeneralNameTag));
const textTags: ReadonlySet<number> = new Set([
  GeneralNameTag.rfc822Name,
  GeneralNameTag.dNSName,
  GeneralNameTag.uniformResourceIdentifier,
]);

export interface GeneralName {
  readonly tag: number;
  readonly bytes: Uint8Array;
  /** rfc822Name, dNSName and uniformResourceIdentifier, one character for every octet; empty for the others. */
  readonly text: string;
}

export function readGeneralName(reader: DerReader): GeneralName {
  const { tag, content, offset } = reader.readElement();
  if (!tags.has(tag)) throw new DerError('unexpectedTag', 'not a GeneralName', offset);
  return { tag, bytes: content, text: textTags.has(tag) ? octetText(content) : '' };
}

/** Reads `GeneralNames`, or with `tag` an implicitly tagged one. */
export function readGeneralNames(reader: DerReader, tag: number = Tag.sequence): GeneralName[] {
  return readEach(reader.readConstructed(tag), readGeneralName);
}

/** The texts of all names of type `tag`, which is one of the three that are texts. */
export function textsOf(names: readonly GeneralName[], tag: number): string[] {
  const texts: string[] = [];
  for (const name of names) if (name.tag === tag) texts.push(name.text);
  return texts;
}
