import { type Der, encodeNull } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** An OCSP signer whose own revocation is not looked up (RFC 6960 s4.2.2.2.1): the value is NULL. @throws {@link DerError} */
export function parseOcspNoCheck(value: Uint8Array): true {
  return readWhole(value, (reader) => {
    reader.readNull();
    return true;
  });
}

export function encodeOcspNoCheck(): Der {
  return encodeNull();
}
