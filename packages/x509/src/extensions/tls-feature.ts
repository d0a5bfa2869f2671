import { type Der, encodeInteger, encodeSequence } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** TLS extension number of OCSP stapling, "must staple" (RFC 7633 s4.2.3.1; RFC 6066 s8). */
export const statusRequest = 5;

/** TLS extension numbers that the server must support (RFC 7633 s4). @throws {@link DerError} */
export function parseTlsFeature(value: Uint8Array): number[] {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const features: number[] = [];
    do features.push(reader.readSmallInteger(0, 65535));
    while (!reader.atEnd);
    return features;
  });
}

export function encodeTlsFeature(features: readonly number[]): Der {
  return encodeSequence(...features.map((feature) => encodeInteger(feature)));
}
