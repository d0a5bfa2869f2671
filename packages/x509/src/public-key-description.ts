import { DerError, type DerReader, decodeOid, type Oid, readSingleSequence, Tag } from '@vcc-pki/asn1';
import { parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.ts';

/** What a public key is, for display and for choosing an algorithm. */
export type PublicKeyDescription =
  | { readonly type: 'RSA'; readonly bits: number }
  | { readonly type: 'EC'; readonly curve: EcCurve }
  | { readonly type: 'Ed25519' | 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87' }
  | { readonly type: 'unknown'; readonly oid: Oid };

/** The curves that are known by name. */
export type EcCurve = 'P-256' | 'P-384' | 'P-521';

/** Numbers of an RSA public key, big-endian without a leading zero octet (RFC 8017 A.1.1). */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
}

/** AlgorithmIdentifier OIDs of keys: RFC 3279 s2.3.1 and s2.3.5, RFC 8410 s3, RFC 9881 s2. */
export const keyOid = {
  rsaEncryption: '1.2.840.113549.1.1.1',
  ecPublicKey: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  mlDsa44: '2.16.840.1.101.3.4.3.17',
  mlDsa65: '2.16.840.1.101.3.4.3.18',
  mlDsa87: '2.16.840.1.101.3.4.3.19',
} as const;

const curves: ReadonlyMap<Oid, EcCurve> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
]);

/**
 * Names the kind of a key without judging it; a kind that is not known comes back as `unknown`.
 * @param publicKey DER SubjectPublicKeyInfo.
 * @throws {@link DerError}
 */
export function describePublicKey(publicKey: Uint8Array): PublicKeyDescription {
  const info = parseSubjectPublicKeyInfo(publicKey);
  const { oid } = info.algorithm;
  switch (oid) {
    case keyOid.rsaEncryption:
      return { type: 'RSA', bits: bitLength(parseRsaPublicKey(info).modulus) };
    case keyOid.ecPublicKey: {
      const curve = namedCurveOf(info);
      return curve === undefined ? { type: 'unknown', oid } : { type: 'EC', curve };
    }
    case keyOid.ed25519:
      return { type: 'Ed25519' };
    case keyOid.mlDsa44:
      return { type: 'ML-DSA-44' };
    case keyOid.mlDsa65:
      return { type: 'ML-DSA-65' };
    case keyOid.mlDsa87:
      return { type: 'ML-DSA-87' };
    default:
      return { type: 'unknown', oid };
  }
}

/** The named curve of an EC key; `undefined` for other curves and for explicit parameters (RFC 5480 s2.1.1). */
export function namedCurveOf(info: SubjectPublicKeyInfo): EcCurve | undefined {
  const { parameters } = info.algorithm;
  if (parameters[0] !== Tag.oid) return undefined;
  return curves.get(decodeOid(parameters.subarray(2)));
}

/** Parses the key of an RSA SubjectPublicKeyInfo. @throws {@link DerError} also when a number is not positive. */
export function parseRsaPublicKey(info: SubjectPublicKeyInfo): RsaPublicKey {
  const reader = readSingleSequence(info.publicKey);
  const modulus = readPositive(reader);
  const publicExponent = readPositive(reader);
  reader.end();
  return { modulus, publicExponent };
}

function readPositive(reader: DerReader): Uint8Array {
  const offset = reader.offset;
  const content = reader.readIntegerBytes();
  const first = content[0] as number;
  if (first >= 0x80 || (first === 0 && content.length === 1)) {
    throw new DerError('invalidValue', 'a number of an RSA key is not positive', offset);
  }
  return first === 0 ? content.subarray(1) : content;
}

/** How many bits an unsigned big-endian number without leading zero octets has. */
export function bitLength(number: Uint8Array): number {
  return number.length * 8 - (Math.clz32(number[0] as number) - 24);
}
