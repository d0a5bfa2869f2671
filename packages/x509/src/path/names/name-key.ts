import { toHex } from '@vcc-pki/asn1';
import type { AttributeTypeAndValue, Name, RelativeDistinguishedName } from '../../name.ts';
import { prepareText } from './prepare-text.ts';

/** A name in the form in which it is compared: two names are equal when their `text` is (RFC 5280 s7.1). */
export interface NameKey {
  /** One text for each RDN, for comparing the beginnings of names. */
  readonly rdns: readonly string[];
  readonly text: string;
}

const keys = new WeakMap<Name, NameKey>();

/** The comparison form of a name; computed once for each parsed name. */
export function nameKey(name: Name): NameKey {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const rdns = name.rdns.map(rdnKey);
  const key = { rdns, text: rdns.map(withLength).join('') };
  keys.set(name, key);
  return key;
}

/** True when `name` is `base` or lies below it: its first RDNs equal all of the base's (RFC 5280 s4.2.1.10). */
export function isWithinName(name: NameKey, base: NameKey): boolean {
  return base.rdns.length <= name.rdns.length && base.rdns.every((rdn, i) => rdn === name.rdns[i]);
}

/** The key of a name with one more RDN at its end (nameRelativeToCRLIssuer, RFC 5280 s4.2.1.13). */
export function appendRdn(name: NameKey, rdn: RelativeDistinguishedName): NameKey {
  const rdns = [...name.rdns, rdnKey(rdn)];
  return { rdns, text: rdns.map(withLength).join('') };
}

/** The attributes of one RDN are a set (RFC 5280 s7.1): in a fixed order their text can be compared. */
function rdnKey(rdn: RelativeDistinguishedName): string {
  const [first, second] = rdn;
  return first !== undefined && second === undefined ? attributeKey(first) : setKey(rdn);
}

function setKey(rdn: readonly AttributeTypeAndValue[]): string {
  return rdn.map(attributeKey).map(withLength).sort().join('');
}

/** Strings of any type compare by their text, all else by its octets (RFC 5280 s7.1). */
function attributeKey({ type, value, valueDer }: AttributeTypeAndValue): string {
  const prepared = value === undefined ? undefined : prepareText(value);
  return prepared === undefined ? `${type}#${toHex(valueDer)}` : `${type}=${prepared}`;
}

/** Lengths keep joined texts apart, whatever characters they hold. */
function withLength(text: string): string {
  return `${text.length}:${text}`;
}
