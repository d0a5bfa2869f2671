import { type Der, encodeInteger } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** After how many more certificates anyPolicy no longer counts (RFC 5280 s4.2.1.14). @throws {@link DerError} */
export function parseInhibitAnyPolicy(value: Uint8Array): number {
  return readWhole(value, (reader) => reader.readSmallInteger(0, 2 ** 31));
}

export function encodeInhibitAnyPolicy(skipCerts: number): Der {
  return encodeInteger(skipCerts);
}
