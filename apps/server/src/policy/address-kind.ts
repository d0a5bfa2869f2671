import ipaddr from 'ipaddr.js';

/** What an address is good for, as far as it matters to who calls it. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'linkLocal' | 'metadata' | 'unroutable';

/**
 * Where clouds tell a machine its own secrets, outside of the link-local networks: AWS over IPv6, Alibaba, Azure, Oracle.
 * Whoever may name an address for the server to call must never name these.
 */
const metadataAddresses: ReadonlySet<string> = new Set([
  '169.254.169.254',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
]);

/** RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193. */
const privateRanges: ReadonlySet<string> = new Set(['private', 'carrierGradeNat', 'uniqueLocal']);

/**
 * Tells what kind of address a text is; `undefined` when it is none. An IPv6 address that carries an IPv4 one (mapped,
 * NAT64, 6to4) is what that one is, for that is where it leads.
 */
export function addressKind(text: string): AddressKind | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = embeddedIpv4(ipaddr.parse(text));
  if (metadataAddresses.has(address.toString())) return 'metadata';
  const range = address.range();
  if (range === 'unicast') return 'public';
  if (range === 'loopback' || range === 'linkLocal') return range;
  return privateRanges.has(range) ? 'private' : 'unroutable';
}

/** The IPv4 address within: ::ffff:0:0/96 (RFC 4291 s2.5.5.2), 64:ff9b::/96 (RFC 6052 s2.1), 2002::/16 (RFC 3056 s2). */
export function embeddedIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const octets = address.toByteArray();
  const range = address.range();
  if (range === 'ipv4Mapped' || range === 'rfc6145' || range === 'rfc6052') return new ipaddr.IPv4(octets.slice(12));
  return range === '6to4' ? new ipaddr.IPv4(octets.slice(2, 6)) : address;
}
