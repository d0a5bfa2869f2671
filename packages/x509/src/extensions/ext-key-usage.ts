import { type Der, encodeOid, encodeSequence, type Oid } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** Purposes of a key (RFC 5280 s4.2.1.12). */
export const keyPurposeId = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const;

/** @throws {@link DerError} */
export function parseExtKeyUsage(value: Uint8Array): Oid[] {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const purposes: Oid[] = [];
    do purposes.push(reader.readOid());
    while (!reader.atEnd);
    return purposes;
  });
}

export function encodeExtKeyUsage(purposes: readonly Oid[]): Der {
  return encodeSequence(...purposes.map(encodeOid));
}
