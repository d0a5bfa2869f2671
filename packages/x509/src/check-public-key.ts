import { DerError, type Oid, Tag, toHex } from '@vcc-pki/asn1';
import { importPublicKey } from './import-public-key.ts';
import { bitLength, keyOid, namedCurveOf, parseRsaPublicKey } from './public-key-description.ts';
import { rsaWeakness } from './rsa-weakness.ts';
import { parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.ts';
import { X509Error } from './x509-error.ts';

/**
 * Refuses a key that a certificate should not be issued for. Allowed: RSA of 2048 to 4096 bits without a known weakness,
 * P-256, P-384, Ed25519, ML-DSA. Takes at most 2 ms.
 * @param publicKey DER SubjectPublicKeyInfo.
 * @throws {@link X509Error} `badPublicKey`, its message a sentence that says why.
 */
export function checkPublicKey(publicKey: Uint8Array): void {
  const info = parse(publicKey);
  const check = checks.get(info.algorithm.oid);
  if (check === undefined) refuse(`Keys of the kind ${info.algorithm.oid} are not accepted.`);
  check(info);
}

const checks: ReadonlyMap<Oid, (info: SubjectPublicKeyInfo) => void> = new Map([
  [keyOid.rsaEncryption, checkRsaKey],
  [keyOid.ecPublicKey, checkEcKey],
  [keyOid.ed25519, checkEd25519Key],
  // Lengths: FIPS 204 s4, table 2.
  [keyOid.mlDsa44, (info) => checkOctets(info, 1312)],
  [keyOid.mlDsa65, (info) => checkOctets(info, 1952)],
  [keyOid.mlDsa87, (info) => checkOctets(info, 2592)],
]);

function refuse(sentence: string, options?: ErrorOptions): never {
  throw new X509Error('badPublicKey', sentence, options);
}

function parse(publicKey: Uint8Array): SubjectPublicKeyInfo {
  try {
    const info = parseSubjectPublicKeyInfo(publicKey);
    if (info.algorithm.oid === keyOid.rsaEncryption) parseRsaPublicKey(info);
    return info;
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    refuse('The key is not a DER SubjectPublicKeyInfo.', { cause });
  }
}

function checkRsaKey(info: SubjectPublicKeyInfo): void {
  const { parameters } = info.algorithm;
  // RFC 3279 s2.3.1
  if (parameters.length !== 2 || parameters[0] !== Tag.null) refuse('The parameters of an RSA key are NULL.');
  const { modulus, publicExponent } = parseRsaPublicKey(info);
  const bits = bitLength(modulus);
  if (bits < 2048 || bits > 4096) refuse(`An RSA key has 2048 to 4096 bits, not ${bits}.`);
  // 2^32 bounds the work of whoever verifies; below 65537 lie the exponents of known attacks (FIPS 186-5 A.1.1).
  const exponent = publicExponent.length <= 4 ? Number.parseInt(toHex(publicExponent), 16) : Number.POSITIVE_INFINITY;
  if (exponent < 65537 || exponent % 2 === 0 || exponent === Number.POSITIVE_INFINITY) {
    refuse('The public exponent of an RSA key is odd, at least 65537 and below 2^32.');
  }
  const weakness = rsaWeakness(modulus);
  if (weakness !== undefined) refuse(`The RSA key is weak: ${weakness}.`);
}

function checkEcKey(info: SubjectPublicKeyInfo): void {
  const curve = namedCurveOf(info);
  if (curve !== 'P-256' && curve !== 'P-384') refuse('An EC key is on the curve P-256 or P-384, given by its name.');
  const octets = curve === 'P-256' ? 65 : 97;
  // RFC 5480 s2.2 leaves compressed points optional, and many cannot read them.
  if (info.publicKey.length !== octets || info.publicKey[0] !== 0x04) refuse('The point of an EC key is uncompressed.');
  if (importPublicKey(info.der) === undefined) refuse(`The point of the EC key is not on ${curve}.`);
}

/** 2^255 - 19 and the points of order 1, 2, 4 and 8 by their y coordinate, which decides alone (RFC 8032 s5.1). */
const ed25519Prime = 2n ** 255n - 19n;
const ed25519SmallOrder: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  ed25519Prime - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

function checkEd25519Key(info: SubjectPublicKeyInfo): void {
  checkOctets(info, 32);
  const y = BigInt(`0x${toHex(info.publicKey.toReversed())}`) & (2n ** 255n - 1n);
  if (y >= ed25519Prime || ed25519SmallOrder.has(y)) refuse('The Ed25519 key is a point of small order, or no point.');
}

/** A key whose algorithm has no parameters (RFC 8410 s3, RFC 9881 s2) and whose BIT STRING has a fixed length. */
function checkOctets(info: SubjectPublicKeyInfo, octets: number): void {
  if (info.algorithm.parameters.length > 0) refuse('The key has parameters where there must be none.');
  if (info.publicKey.length !== octets) refuse(`The key has ${octets} octets, not ${info.publicKey.length}.`);
}
