import { DerError } from './der-error.ts';
import { OctetMemory } from './octet-memory.ts';

/** An object identifier in dotted decimal, for example `2.5.4.3`. */
export type Oid = string;

/** Longest accepted content: 64 octets; the longest OIDs in use have about 20. Bounds the work on hostile input. */
const maxContentOctets = 64;

/**
 * Decodes the content octets of an OBJECT IDENTIFIER (X.690 s8.19).
 * @throws {@link DerError} `invalidValue`
 */
export function decodeOid(content: Uint8Array, offset = 0): Oid {
  const known = knownOids.find(content);
  if (known !== undefined) return known;
  const oid = decodeAnew(content, offset);
  knownOids.keep(content, oid);
  return oid;
}

/** By their content octets: a certificate has some twenty, nearly all of them the same as those of the one before. */
export const knownOids = new OctetMemory<Oid>(256);

function decodeAnew(content: Uint8Array, offset: number): Oid {
  if (content.length === 0 || content.length > maxContentOctets || (content[content.length - 1] as number) >= 0x80) {
    throw new DerError('invalidValue', 'an OBJECT IDENTIFIER that is empty, too long or cut off', offset);
  }
  let text = '';
  let arc = 0;
  let big: bigint | undefined;
  let first = true;
  let startOfArc = true;
  for (const octet of content) {
    if (startOfArc && octet === 0x80) throw new DerError('invalidValue', 'an OID arc with leading zeroes', offset);
    // Arcs over 2^46 (UUID-based ones under 2.25) need big integers; all others stay numbers.
    if (big === undefined && arc > 2 ** 46) big = BigInt(arc);
    if (big === undefined) arc = arc * 128 + (octet & 0x7f);
    else big = big * 128n + BigInt(octet & 0x7f);
    startOfArc = octet < 0x80;
    if (!startOfArc) continue;
    if (first) {
      const root = big !== undefined || arc >= 80 ? 2 : Math.floor(arc / 40);
      text = `${root}.${big === undefined ? arc - root * 40 : big - 80n}`;
      first = false;
    } else text += `.${big ?? arc}`;
    arc = 0;
    big = undefined;
  }
  return text;
}

/**
 * Encodes an object identifier's content octets.
 * @throws RangeError when `oid` is not dotted decimal with valid first arcs.
 */
export function encodeOidContent(oid: Oid): Uint8Array {
  if (!/^[0-2](\.(0|[1-9]\d{0,38}))+$/.test(oid)) throw new RangeError(`"${oid}" is not an object identifier`);
  const [root, second, ...rest] = oid.split('.').map(BigInt) as [bigint, bigint, ...bigint[]];
  if (root < 2n && second >= 40n) throw new RangeError(`"${oid}": the second arc is at most 39 under ${root}`);
  const octets: number[] = [];
  for (const arc of [root * 40n + second, ...rest]) octets.push(...encodeArc(arc));
  return Uint8Array.from(octets);
}

/** As many as a program has constants; what comes after them is encoded each time, so that foreign OIDs fill no memory. */
const maxRemembered = 512;

const remembered = new Map<Oid, Uint8Array>();

/**
 * The same, remembered: a certificate names some twenty of the same OIDs as the one before.
 * @returns octets that are shared, to be copied and not to be changed.
 * @throws RangeError as {@link encodeOidContent}
 */
export function knownOidContent(oid: Oid): Uint8Array {
  const known = remembered.get(oid);
  if (known !== undefined) return known;
  const content = encodeOidContent(oid);
  if (remembered.size < maxRemembered) remembered.set(oid, content);
  return content;
}

function encodeArc(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}
