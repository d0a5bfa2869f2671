import { type Der, decodeGeneralizedTime, encodeGeneralizedTime, Tag } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** Since when a key is known or suspected to be bad (RFC 5280 s5.3.2), in milliseconds since the epoch. @throws {@link DerError} */
export function parseInvalidityDate(value: Uint8Array): number {
  const { content, offset } = readWhole(value, (reader) => reader.readElement(Tag.generalizedTime));
  return decodeGeneralizedTime(content, offset);
}

export function encodeInvalidityDate(timeMs: number): Der {
  return encodeGeneralizedTime(timeMs);
}
