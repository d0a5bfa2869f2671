import {
  type Der,
  encodeBoolean,
  encodeElement,
  encodeExplicit,
  encodeIa5String,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeNamedBits,
  encodeOctetString,
  encodeOid,
  encodePrintableString,
  encodeSequence,
  encodeSetOf,
  encodeUtf8String,
  ia5Content,
  Tag,
} from '@vcc-pki/asn1';

/** Object identifiers of the extensions that fixtures put in, leave out or bend. */
export const oids = {
  aki: '2.5.29.35',
  ski: '2.5.29.14',
  keyUsage: '2.5.29.15',
  policies: '2.5.29.32',
  mappings: '2.5.29.33',
  policyConstraints: '2.5.29.36',
  inhibitAnyPolicy: '2.5.29.54',
  san: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  eku: '2.5.29.37',
  cdp: '2.5.29.31',
  freshest: '2.5.29.46',
  aia: '1.3.6.1.5.5.7.1.1',
  noRevAvail: '2.5.29.56',
  noCheck: '1.3.6.1.5.5.7.48.1.5',
  crlNumber: '2.5.29.20',
  deltaIndicator: '2.5.29.27',
  idp: '2.5.29.28',
  reason: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  certificateIssuer: '2.5.29.29',
} as const;

/** An extension and its type, so that it can be found again. */
export interface ExtensionPart {
  readonly oid: string;
  readonly der: Der;
}

/** @param critical `'encodedFalse'` writes the default out, which DER forbids. */
export function extension(oid: string, value: Der, critical: boolean | 'encodedFalse' = false): ExtensionPart {
  const flag = critical === 'encodedFalse' ? [encodeBoolean(false)] : critical ? [encodeBoolean(true)] : [];
  return { oid, der: encodeSequence(encodeOid(oid), ...flag, encodeOctetString(value)) };
}

/** `list` with each of `changes` in the place of the extension of its type, or at the end. */
export function withExtensions(list: readonly ExtensionPart[], changes: readonly ExtensionPart[]): ExtensionPart[] {
  const kept = list.map((old) => changes.find(({ oid }) => oid === old.oid) ?? old);
  return [...kept, ...changes.filter(({ oid }) => !list.some((old) => old.oid === oid))];
}

export function withoutExtensions(list: readonly ExtensionPart[], ...gone: readonly string[]): ExtensionPart[] {
  return list.filter(({ oid }) => !gone.includes(oid));
}

export const attributeTypes = {
  cn: '2.5.4.3',
  country: '2.5.4.6',
  o: '2.5.4.10',
  ou: '2.5.4.11',
  email: '1.2.840.113549.1.9.1',
} as const;

export const attribute = (type: string, value: Der): Der => encodeSequence(encodeOid(type), value);
export const rdn = (type: string, value: Der): Der => encodeSetOf(attribute(type, value));
export const cn = (text: string): Der => rdn(attributeTypes.cn, encodeUtf8String(text));
export const o = (text: string): Der => rdn(attributeTypes.o, encodeUtf8String(text));
export const germany: Der = rdn(attributeTypes.country, encodePrintableString('DE'));
export const name = (...rdns: readonly Der[]): Der => encodeSequence(...rdns);

export const email = (text: string): Der => encodeImplicit(1, ia5Content(text));
export const dns = (text: string): Der => encodeImplicit(2, Buffer.from(text, 'latin1'));
export const uri = (text: string): Der => encodeImplicit(6, ia5Content(text));
export const ip = (...octets: readonly number[]): Der => encodeImplicit(7, Uint8Array.from(octets));
export const subjectAltName = (...names: readonly Der[]): ExtensionPart =>
  extension(oids.san, encodeSequence(...names));

export const keyUsage = (...bits: readonly number[]): ExtensionPart =>
  extension(oids.keyUsage, encodeNamedBits(bits), true);

const purposes = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  ocsp: '1.3.6.1.5.5.7.3.9',
  any: '2.5.29.37.0',
  kek: '1.3.6.1.4.1.32473.80.1',
};

type Purpose = keyof typeof purposes;

export const eku = (...names: readonly Purpose[]): ExtensionPart => extension(oids.eku, ekuValue(names));
export const criticalEku = (...names: readonly Purpose[]): ExtensionPart => extension(oids.eku, ekuValue(names), true);

const ekuValue = (names: readonly Purpose[]): Der =>
  encodeSequence(...names.map((purpose) => encodeOid(purposes[purpose])));

export const keyIdentifier = new Uint8Array(20).fill(0x17);
export const aki: ExtensionPart = extension(oids.aki, encodeSequence(encodeImplicit(0, keyIdentifier)));
export const ski: ExtensionPart = extension(oids.ski, encodeOctetString(new Uint8Array(20).fill(0x18)));

/** `[0] { [0] { names } }`: distributionPoint with a fullName. */
export const fullName = (...names: readonly Der[]): Der => encodeExplicit(0, encodeImplicitConstructed(0, ...names));
export const points = (...urls: readonly string[]): Der =>
  encodeSequence(...urls.map((url) => encodeSequence(fullName(uri(url)))));
export const cdp = (...urls: readonly string[]): ExtensionPart => extension(oids.cdp, points(...urls));

const ocspMethod = '1.3.6.1.5.5.7.48.1';
const caIssuersMethod = '1.3.6.1.5.5.7.48.2';
const access = (method: string, url: string): Der => encodeSequence(encodeOid(method), uri(url));
export const caIssuersAccess: Der = access(caIssuersMethod, 'http://pki.vcc.local:8080/ca/1.cer');
export const ocspAccess: Der = access(ocspMethod, 'http://pki.vcc.local:8080/ocsp');
export const aia = (...descriptions: readonly Der[]): ExtensionPart =>
  extension(oids.aia, encodeSequence(...descriptions));

/** A `[n] IMPLICIT BOOLEAN`. */
export const flag = (n: number, value = true): Der => encodeImplicit(n, Uint8Array.of(value ? 0xff : 0x00));

export const teletex = (text: string): Der => encodeElement(Tag.teletexString, Buffer.from(text, 'latin1'));
export const emailAttribute: Der = rdn(attributeTypes.email, encodeIa5String('ops@vcc.local'));
