import { generateKeyPairSync } from 'node:crypto';
import {
  type Der,
  encodeBitString,
  encodeElement,
  encodeExplicit,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
} from '@vcc-pki/asn1';

/** Real public keys, one of each kind, as DER SubjectPublicKeyInfo. */
const spkiDer = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const;

export const p256Key: Der = generateKeyPairSync('ec', { namedCurve: 'P-256', ...spkiDer }).publicKey;
export const p384Key: Der = generateKeyPairSync('ec', { namedCurve: 'P-384', ...spkiDer }).publicKey;
export const p521Key: Der = generateKeyPairSync('ec', { namedCurve: 'P-521', ...spkiDer }).publicKey;
export const rsaKey: Der = generateKeyPairSync('rsa', { modulusLength: 2048, ...spkiDer }).publicKey;
export const ed25519Key: Der = generateKeyPairSync('ed25519', spkiDer).publicKey;
export const mlDsaKey: Der = generateKeyPairSync('ml-dsa-65', spkiDer).publicKey;

const parametersOf = (parameters: Der | undefined): Der[] => (parameters ? [parameters] : []);

export function algorithm(oid: string, parameters?: Der): Der {
  return encodeSequence(encodeOid(oid), ...parametersOf(parameters));
}

/** A key with that algorithm identifier and those octets, sensible or not. */
export function spki(algorithmIdentifier: Der, bits: Uint8Array): Der {
  return encodeSequence(algorithmIdentifier, encodeBitString(bits));
}

/** An RSA key with an odd modulus of `bits` bits; not a product of two primes, which no rule can see. */
export function rsaKeyOf(bits: number, exponent = 65_537, identifier: Der = rsaEncryption): Der {
  const modulus = new Uint8Array(Math.ceil(bits / 8)).fill(0xa5);
  modulus[0] = 1 << ((bits - 1) % 8);
  return spki(identifier, encodeSequence(encodeInteger(modulus), encodeInteger(exponent)));
}

const rsaEncryption = algorithm('1.2.840.113549.1.1.1', encodeNull());

const sha256 = '2.16.840.1.101.3.4.2.1';

/** RSASSA-PSS with SHA-256 for message and mask. */
export const pss = (saltLength: number, mask = sha256): Der =>
  algorithm(
    '1.2.840.113549.1.1.10',
    encodeSequence(
      encodeExplicit(0, algorithm(sha256, encodeNull())),
      encodeExplicit(1, algorithm('1.2.840.113549.1.1.8', algorithm(mask, encodeNull()))),
      encodeExplicit(2, encodeInteger(saltLength)),
    ),
  );

export const signatures = {
  ecdsaSha256: algorithm('1.2.840.10045.4.3.2'),
  ecdsaSha384: algorithm('1.2.840.10045.4.3.3'),
  rsaSha256: algorithm('1.2.840.113549.1.1.11', encodeNull()),
  ed25519: algorithm('1.3.101.112'),
  mlDsa65: algorithm('2.16.840.1.101.3.4.3.18'),
};

/** Where a signature would stand: the linter does not look at it. */
export const placeholderSignature: Der = encodeBitString(new Uint8Array(70).fill(0x5a));

export const raw = (tag: number, text: string): Der => encodeElement(tag, Buffer.from(text, 'latin1'));
