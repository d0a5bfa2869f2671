import { publicRandomOctets } from './random-octets.ts';

/** Octets of a serial number, and how many of them are the time; the others are random. */
const length = 18;
const timeLength = 6;

/**
 * A new serial number's content octets: the time in milliseconds since the epoch, then 96 random bits.
 *
 * RFC 5280 s4.1.2.2 wants positive, unique and at most 20 octets; CA/B BR 7.1 wants 64 bits from a CSPRNG. The first
 * octet is 0x40 to 0x7f, so the length is constant and no leading zero octet is ever needed. The time comes first so
 * that new serial numbers stand side by side in the ledger's index: in an order of chance, each of them would have a
 * page of its own read, written and logged.
 */
export function newSerialNumber(nowMs: number): Uint8Array {
  const octets = new Uint8Array(length);
  new DataView(octets.buffer).setBigUint64(0, BigInt(nowMs) << 16n);
  octets[0] = 0x40 | ((octets[0] as number) & 0x3f);
  octets.set(publicRandomOctets(length - timeLength), timeLength);
  return octets;
}
