import { type Der, encodeNull } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** No revocation information will ever exist for the certificate (RFC 9608 s2): the value is NULL. @throws {@link DerError} */
export function parseNoRevAvail(value: Uint8Array): true {
  return readWhole(value, (reader) => {
    reader.readNull();
    return true;
  });
}

export function encodeNoRevAvail(): Der {
  return encodeNull();
}
