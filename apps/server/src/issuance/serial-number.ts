import { publicRandomOctets } from './random-octets.ts';

/**
 * A new serial number's content octets: positive, 18 octets, 142 random bits.
 *
 * RFC 5280 s4.1.2.2 wants positive, unique and at most 20 octets; CA/B BR 7.1 wants 64 bits from a CSPRNG. The first
 * octet is 0x40 to 0x7f, so the length is constant and no leading zero octet is ever needed.
 */
export function newSerialNumber(): Uint8Array {
  const octets = publicRandomOctets(18);
  octets[0] = 0x40 | ((octets[0] as number) & 0x3f);
  return octets;
}
