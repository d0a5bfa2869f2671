import { ipAddressFromText, ipNetworkFromText, X509Error } from '@vcc-pki/x509';

/** Tells whether an address (4 or 16 octets) lies in one of the `allowed_ips` of an entry. */
export type IpMatcher = (address: Uint8Array) => boolean;

/** Tells whether `text` may stand in `allowed_ips`: an address, or a network without bits beyond its prefix. */
export function isIpPattern(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * Compiles the `allowed_ips` of an entry. An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`, RFC 4291 s2.5.5.2) is the IPv4
 * address in it: IPv6 networks never cover it.
 */
export function compileIps(patterns: readonly string[]): IpMatcher {
  const networks = patterns.map((pattern) => {
    const network = parseNetwork(pattern);
    if (network === undefined) throw new RangeError(`"${pattern}" is not an address or network for allowed_ips`);
    return network;
  });
  return (address) => {
    const unmapped = unmapAddress(address);
    return networks.some((network) => contains(network, unmapped));
  };
}

/** Address octets, then as many of mask. */
function parseNetwork(text: string): Uint8Array | undefined {
  try {
    const network = text.includes('/') ? ipNetworkFromText(text) : networkOfOne(ipAddressFromText(text));
    // Nothing could ever match a mapped network: it is an IPv4 one, written so that a reader errs.
    return isMapped(network) ? undefined : network;
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

function networkOfOne(address: Uint8Array): Uint8Array {
  return Uint8Array.of(...address, ...new Uint8Array(address.length).fill(0xff));
}

function contains(network: Uint8Array, address: Uint8Array): boolean {
  const length = network.length / 2;
  if (address.length !== length) return false;
  return address.every((octet, i) => (octet & (network[length + i] as number)) === network[i]);
}

function unmapAddress(address: Uint8Array): Uint8Array {
  return address.length === 16 && isMapped(address) ? address.subarray(12) : address;
}

function isMapped(octets: Uint8Array): boolean {
  const { length } = octets;
  if (length !== 16 && length !== 32) return false;
  return octets.subarray(0, 12).every((octet, i) => octet === (i < 10 ? 0x00 : 0xff));
}
