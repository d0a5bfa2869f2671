import { hash } from 'node:crypto';
import { DerError } from '@vcc-pki/asn1';
import { checkPublicKey, describePublicKey, type PublicKeyDescription, X509Error } from '@vcc-pki/x509';

/** What there is to tell about a public key. */
export interface KeyDescription {
  /** `EC P-256, 128 bits of strength`. */
  readonly text: string;
  /** Why this PKI would not certify the key; `undefined` when it would. */
  readonly weakness: string | undefined;
  /** Lower-case hex of the SHA-256 of the SubjectPublicKeyInfo. */
  readonly sha256: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Bits of strength by the size of an RSA modulus: NIST SP 800-57 part 1 r5 table 2, SP 800-56B r2 table 4 between its rows. */
const rsaStrength: readonly (readonly [number, number])[] = [
  [15_360, 256],
  [8192, 200],
  [7680, 192],
  [6144, 176],
  [4096, 152],
  [3072, 128],
  [2048, 112],
  [1024, 80],
];

/** NIST SP 800-57 part 1 r5 table 2; Ed25519 as RFC 8032 s5.1. */
const curveStrength = { 'P-256': 128, 'P-384': 192, 'P-521': 256, Ed25519: 128 } as const;

/** NIST's security categories (FIPS 204 table 1): 1, 3, 5 as hard as finding a key of AES-128, -192, -256. */
const mlDsaCategory = { 'ML-DSA-44': 2, 'ML-DSA-65': 3, 'ML-DSA-87': 5 } as const;

/** Describes a DER SubjectPublicKeyInfo; one that is malformed is described as such. */
export function describeKey(publicKey: Uint8Array): KeyDescription {
  const sha256 = hash('sha256', publicKey);
  const weakness = weaknessOf(publicKey);
  const { text, json } = parsedKind(publicKey);
  return { text, weakness, sha256, json: { ...json, weakness: weakness ?? null, sha256 } };
}

interface KeyKind {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

function parsedKind(publicKey: Uint8Array): KeyKind {
  try {
    return kindOf(describePublicKey(publicKey));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { text: `malformed: ${error.message}`, json: { type: 'malformed' } };
  }
}

function kindOf(key: PublicKeyDescription): KeyKind {
  switch (key.type) {
    case 'RSA': {
      const strength = rsaStrength.find(([bits]) => key.bits >= bits)?.[1] ?? 0;
      return {
        text: `RSA ${key.bits} bits, ${strengthText(strength)}`,
        json: { type: 'RSA', bits: key.bits, strength_bits: strength },
      };
    }
    case 'EC': {
      const strength = curveStrength[key.curve];
      return {
        text: `EC ${key.curve}, ${strengthText(strength)}`,
        json: { type: 'EC', curve: key.curve, strength_bits: strength },
      };
    }
    case 'Ed25519':
      return {
        text: `Ed25519, ${strengthText(curveStrength.Ed25519)}`,
        json: { type: 'Ed25519', strength_bits: curveStrength.Ed25519 },
      };
    case 'unknown':
      return { text: `a kind that is not known here (${key.oid})`, json: { type: 'unknown', oid: key.oid } };
    default:
      return {
        text: `${key.type}, NIST category ${mlDsaCategory[key.type]}`,
        json: { type: key.type, nist_category: mlDsaCategory[key.type] },
      };
  }
}

function strengthText(bits: number): string {
  return bits === 0 ? 'no strength to speak of' : `${bits} bits of strength`;
}

function weaknessOf(publicKey: Uint8Array): string | undefined {
  try {
    checkPublicKey(publicKey);
    return undefined;
  } catch (error) {
    if (error instanceof X509Error) return error.message;
    throw error;
  }
}
