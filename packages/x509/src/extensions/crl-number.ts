import { type Der, DerError, encodeInteger, toHex } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** Number of a CRL, or in deltaCRLIndicator of its base; at most 20 octets (RFC 5280 s5.2.3). @throws {@link DerError} */
export function parseCRLNumber(value: Uint8Array): bigint {
  return readWhole(value, (reader) => {
    const content = reader.readIntegerBytes();
    if (content.length > 20 || (content[0] as number) >= 0x80) {
      throw new DerError('outOfRange', 'a CRL number is not negative and has at most 20 octets', 0);
    }
    return BigInt(`0x${toHex(content)}`);
  });
}

export function encodeCRLNumber(crlNumber: number | bigint): Der {
  return encodeInteger(crlNumber);
}
