/** The canonical wire form: lower-case hex, two digits for each octet, no leading zero octet. */
function canonicalHex(value: bigint): string {
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/** A positive INTEGER of at most 20 octets (RFC 5280 s4.1.2.2), one bit of which is the sign. */
const limit = 1n << 159n;

/**
 * The serial numbers that a caller can mean, in canonical hex, the likelier first.
 *
 * People bring hex from OpenSSL (upper case, colons) and decimal from other tools. Text of digits alone may be either:
 * then both readings are given, and the ledger has at most one of them.
 * @returns none when the text is neither, or too large
 */
export function serialNumberCandidates(text: string): readonly string[] {
  const compact = text.replaceAll(':', '');
  if (!/^[0-9A-Fa-f]{1,48}$/.test(compact)) return [];
  const readings = [BigInt(`0x${compact}`)];
  if (/^[0-9]+$/.test(text)) readings.push(BigInt(text));
  return [...new Set(readings.filter((value) => value < limit).map(canonicalHex))];
}

/** The decimal form of a serial number in hex. */
export function serialNumberDecimal(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}
