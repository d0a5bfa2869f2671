import { generatePrimeSync, type KeyObject, sign } from 'node:crypto';
import {
  encodeBitString,
  encodeImplicitConstructed,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
  fromHex,
} from '@vcc-pki/asn1';
import { encodeName } from '@vcc-pki/x509';

export interface OddRequest {
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** DER AlgorithmIdentifier; ECDSA with SHA-256 when absent. */
  readonly algorithm?: Uint8Array;
  /** What stands in place of the signature; nonsense when absent. */
  readonly sign?: (data: Uint8Array) => Uint8Array;
  readonly version?: number;
}

const ecdsaWithSha256 = encodeSequence(encodeOid('1.2.840.10045.4.3.2'));

/** A CSR that no serious tool makes, put together by hand (RFC 2986 s4). @returns DER */
export function oddRequest({
  publicKey,
  algorithm = ecdsaWithSha256,
  sign: signer,
  version = 0,
}: OddRequest): Uint8Array {
  const info = encodeSequence(encodeInteger(version), encodeName([]), publicKey, encodeImplicitConstructed(0));
  const signature = signer?.(info) ?? new Uint8Array(64).fill(7);
  return encodeSequence(info, algorithm, encodeBitString(signature));
}

/** DER AlgorithmIdentifier with parameters NULL, as RSA's have. */
export function algorithmWithNull(oid: string): Uint8Array {
  return encodeSequence(encodeOid(oid), encodeNull());
}

/** Signs as node:crypto does with a hash. */
export function signer(hash: string | null, privateKey: KeyObject): (data: Uint8Array) => Uint8Array {
  return (data) => new Uint8Array(sign(hash, data, privateKey));
}

export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }));
}

/** An RSA key of any modulus, be it one or not. */
export function rsaPublicKey(modulus: bigint, exponent = 65_537n): Uint8Array {
  const integer = (value: bigint): Uint8Array => {
    const hex = value.toString(16);
    const octets = fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
    const positive = octets[0]! >= 0x80 ? new Uint8Array([0, ...octets]) : octets;
    return new Uint8Array([0x02, ...lengthOf(positive.length), ...positive]);
  };
  const key = encodeSequence(integer(modulus), integer(exponent));
  return encodeSequence(algorithmWithNull('1.2.840.113549.1.1.1'), encodeBitString(key));
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** A modulus with ROCA's fingerprint (CVE-2017-15361): modulo each prime up to 167 a power of 65537, here the zeroth. */
export function rocaModulus(): bigint {
  const primes = Array.from({ length: 165 }, (_, i) => i + 3).filter((n) => isSmallPrime(n));
  const product = primes.reduce((all, prime) => all * BigInt(prime), 1n);
  // Odd, 2048 bits, and without a factor below 752 as a real key has none.
  for (let factor = (1n << 2047n) / product / 2n; ; factor += 1n) {
    const modulus = 2n * factor * product + 1n;
    if (modulus >= 1n << 2047n && !hasSmallFactor(modulus)) return modulus;
  }
}

/** A modulus of two primes that are next to each other, which Fermat's method takes apart at once. */
export function closePrimesModulus(): bigint {
  const prime = generatePrimeSync(1024, { bigint: true });
  return prime * nextPrime(prime);
}

function nextPrime(prime: bigint): bigint {
  // By Fermat's little theorem to the base 2: among numbers of this size the liars are of no account here.
  for (let candidate = prime + 2n; ; candidate += 2n) {
    if (!hasSmallFactor(candidate) && powerOfTwo(candidate - 1n, candidate) === 1n) return candidate;
  }
}

function powerOfTwo(exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * 2n) % modulus;
  }
  return result;
}

function hasSmallFactor(n: bigint): boolean {
  for (let prime = 2; prime < 752; prime += 1) if (isSmallPrime(prime) && n % BigInt(prime) === 0n) return true;
  return false;
}

function isSmallPrime(n: number): boolean {
  for (let factor = 2; factor * factor <= n; factor += 1) if (n % factor === 0) return false;
  return n > 1;
}
