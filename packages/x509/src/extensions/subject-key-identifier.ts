import { type Der, encodeOctetString } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** The identifier of the subject's key (RFC 5280 s4.2.1.2). @throws {@link DerError} */
export function parseSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  return readWhole(value, (reader) => reader.readOctetString());
}

export function encodeSubjectKeyIdentifier(keyIdentifier: Uint8Array): Der {
  return encodeOctetString(keyIdentifier);
}
