import { X509Error } from './x509-error.ts';

/**
 * The octets of an IPv4 (4) or IPv6 (16) address in text; zone identifiers are refused.
 * @throws {@link X509Error} `badIpAddress`
 */
export function ipAddressFromText(text: string): Uint8Array {
  const octets = text.includes(':') ? ipv6Octets(text) : ipv4Octets(text);
  if (octets === undefined) throw new X509Error('badIpAddress', 'not an IP address');
  return octets;
}

/** The text of 4 or 16 octets; IPv6 in the form of RFC 5952. @throws RangeError for other lengths. */
export function ipAddressToText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) throw new RangeError(`an IP address has 4 or 16 octets, not ${octets.length}`);
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((octets[2 * i] as number) << 8) | (octets[2 * i + 1] as number)).toString(16),
  );
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/**
 * The octets of a network as name constraints carry it (address, then mask: 8 or 32) from `10.0.0.0/8` or `2001:db8::/32`.
 * @throws {@link X509Error} `badIpAddress` also when the address has bits outside the mask.
 */
export function ipNetworkFromText(text: string): Uint8Array {
  const match = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  if (match === null) throw new X509Error('badIpAddress', 'not an IP network in the form address/prefix length');
  const address = ipAddressFromText(match[1] as string);
  const prefix = Number(match[2]);
  if (prefix > address.length * 8) throw new X509Error('badIpAddress', 'the prefix is longer than the address');
  const mask = address.map((_, i) => 0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i)));
  if (address.some((octet, i) => (octet & ~(mask[i] as number)) !== 0)) {
    throw new X509Error('badIpAddress', 'the address has bits outside its prefix');
  }
  return Uint8Array.of(...address, ...mask);
}

/** The text `address/prefix length` of 8 or 32 octets. @throws RangeError for other lengths, or a mask with gaps. */
export function ipNetworkToText(octets: Uint8Array): string {
  const prefix = octets.length === 8 || octets.length === 32 ? prefixLength(octets) : undefined;
  if (prefix === undefined) throw new RangeError('not an address and a mask');
  return `${ipAddressToText(octets.subarray(0, octets.length / 2))}/${prefix}`;
}

/** How many leading bits the mask in the second half of `octets` has; `undefined` when it has gaps (RFC 4632 s3.1). */
export function prefixLength(octets: Uint8Array): number | undefined {
  const bits = Array.from(octets.subarray(octets.length / 2), (octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

function ipv4Octets(text: string): Uint8Array | undefined {
  // No leading zeros: some readers take them for octal.
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  const octets = match?.slice(1).map(Number);
  return octets?.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
}

function ipv6Octets(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  // An IPv4 address can stand only at the end.
  if (text.length > 45 || halves.length > 2 || (halves.length === 2 && halves[0]?.includes('.'))) return undefined;
  const [head, tail] = halves.map(groupOctets);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const gap = 16 - head.length - (tail?.length ?? 0);
  // RFC 4291 s2.2: "::" stands for one group of zeros or more.
  if (halves.length === 1 ? gap !== 0 : gap < 2) return undefined;
  return Uint8Array.of(...head, ...new Uint8Array(gap), ...(tail ?? []));
}

/** The octets of groups between colons; the last may be an IPv4 address. */
function groupOctets(text: string): number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    const embedded = i === groups.length - 1 && group.includes('.') ? ipv4Octets(group) : undefined;
    if (embedded !== undefined) octets.push(...embedded);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      octets.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return octets;
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== '0') start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  }
  return best;
}
