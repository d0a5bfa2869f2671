import { type DerElement, DerError, DerReader } from '@vcc-pki/asn1';

/** A reader of what `element` contains. */
export function readerOf(element: DerElement): DerReader {
  return new DerReader(element.content, element.offset);
}

/** Reads value after value to the end with `read`. */
export function readEach<T>(reader: DerReader, read: (reader: DerReader) => T): T[] {
  const values: T[] = [];
  while (!reader.atEnd) values.push(read(reader));
  return values;
}

/** One character for every octet: ASCII stays what it is, the rest is left for a rule to complain about. */
export function octetText(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** @throws {@link DerError} `invalidValue` when `bytes` is not UTF-8 (or holds U+FFFD itself, which no name has a use for). */
export function utf8Text(bytes: Uint8Array, offset: number): string {
  // Names are nearly always ASCII, and short: there the loop beats the decoder.
  if (bytes.length <= 64 && isAscii(bytes)) return octetText(bytes);
  const text = utf8.decode(bytes);
  if (text.includes('\u{FFFD}')) throw new DerError('invalidValue', 'a UTF8String that is not UTF-8', offset);
  return text;
}

function isAscii(bytes: Uint8Array): boolean {
  for (const octet of bytes) if (octet >= 0x80) return false;
  return true;
}

/** `text` for a message: in quotation marks, control characters escaped, cut after 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
