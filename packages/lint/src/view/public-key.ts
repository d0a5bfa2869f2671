import { type DerReader, decodeOid, type Oid, readSingleSequence, Tag } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';

/** Object identifiers of `SubjectPublicKeyInfo.algorithm`. */
export const KeyAlgorithm = {
  rsaEncryption: '1.2.840.113549.1.1.1',
  ecPublicKey: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  mlDsa44: '2.16.840.1.101.3.4.3.17',
  mlDsa65: '2.16.840.1.101.3.4.3.18',
  mlDsa87: '2.16.840.1.101.3.4.3.19',
} as const;

/** Of keys that only agree on others: RFC 8410 s3, draft-connolly-cfrg-xwing-kem s6.5. */
export const AgreementAlgorithm = { x25519: '1.3.101.110', xWing: '1.3.6.1.4.1.62253.25722' } as const;

export const Curve = { p256: '1.2.840.10045.3.1.7', p384: '1.3.132.0.34', p521: '1.3.132.0.35' } as const;

/** Octets of one coordinate of a point, by curve (RFC 5480 s2.2, SEC 1 s2.3.5). */
export const coordinateOctets: ReadonlyMap<Oid, number> = new Map([
  [Curve.p256, 32],
  [Curve.p384, 48],
  [Curve.p521, 66],
]);

/** Octets of an ML-DSA public key, by algorithm (FIPS 204 s4, table 2). */
export const mlDsaKeyOctets: ReadonlyMap<Oid, number> = new Map([
  [KeyAlgorithm.mlDsa44, 1312],
  [KeyAlgorithm.mlDsa65, 1952],
  [KeyAlgorithm.mlDsa87, 2592],
]);

/** An `RSAPublicKey` (RFC 8017 A.1.1): two's complement, as encoded. */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** A `SubjectPublicKeyInfo` (RFC 5280 s4.1.2.7). */
export class PublicKey {
  readonly algorithm: AlgorithmIdentifier;
  /** The octets of the BIT STRING. */
  readonly bits: Uint8Array;
  #rsa: RsaPublicKey | undefined;

  constructor(reader: DerReader) {
    const inner = reader.readSequence();
    this.algorithm = readAlgorithmIdentifier(inner);
    this.bits = inner.readWholeBitString();
    inner.end();
  }

  /** The key when it is an RSA key. @throws DerError when it says so and is not one. */
  get rsa(): RsaPublicKey | undefined {
    if (this.algorithm.oid !== KeyAlgorithm.rsaEncryption) return undefined;
    this.#rsa ??= decodeRsaPublicKey(this.bits);
    return this.#rsa;
  }

  /** The named curve of an EC key, if it names one. */
  get curve(): Oid | undefined {
    const { oid, parameters } = this.algorithm;
    if (oid !== KeyAlgorithm.ecPublicKey || parameters?.tag !== Tag.oid) return undefined;
    return decodeOid(parameters.content, parameters.offset);
  }
}

/** What carries a public key. */
export interface Keyed {
  readonly publicKey: PublicKey;
}

function decodeRsaPublicKey(bits: Uint8Array): RsaPublicKey {
  const reader = readSingleSequence(bits);
  const key = { modulus: reader.readIntegerBytes(), exponent: reader.readIntegerBytes() };
  reader.end();
  return key;
}

/** How many bits a positive INTEGER has, leading zeroes not counted. */
export function bitLength(integer: Uint8Array): number {
  const start = integer[0] === 0 ? 1 : 0;
  const first = integer[start];
  return first === undefined ? 0 : (integer.length - start) * 8 - Math.clz32(first) + 24;
}
