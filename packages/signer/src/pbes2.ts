import {
  type Der,
  type DerReader,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  Tag,
} from '@vcc-pki/asn1';
import { SignerError } from './signer-error.ts';

/** PBKDF2 with HMAC (RFC 8018 s5.2). */
export interface Pbkdf2Parameters {
  readonly name: 'pbkdf2';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly salt: Uint8Array;
  readonly rounds: number;
}

/** scrypt (RFC 7914 s2): `cost` is N, a power of 2. */
export interface ScryptParameters {
  readonly name: 'scrypt';
  readonly salt: Uint8Array;
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

export type KeyDerivation = Pbkdf2Parameters | ScryptParameters;

/** PBES2 (RFC 8018 s6.2) with AES-256-CBC, the only cipher that is read and written here. */
export interface Pbes2Parameters {
  readonly derivation: KeyDerivation;
  /** 16 octets. */
  readonly iv: Uint8Array;
}

/**
 * What a file may make us spend before its passphrase is known to be right: ten million rounds take a few seconds of one
 * core; N*r*p of 2^24 is sixteen times OWASP's setting and as long; 512 MiB is four times its memory.
 */
const derivationLimits = { rounds: 10_000_000, scryptWork: 2 ** 24, scryptMemory: 2 ** 29, saltOctets: 1024 };

const oid = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const;

/** RFC 8018 B.1.2. HMAC with SHA-1, the DEFAULT of the ASN.1, is left out on purpose. */
const prfOids: Readonly<Record<Pbkdf2Parameters['hash'], string>> = {
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
};

const keyOctets = 32;
const ivOctets = 16;

/** Encodes the AlgorithmIdentifier of an EncryptedPrivateKeyInfo (RFC 8018 s6.2, RFC 7914 s7). */
export function encodePbes2({ derivation, iv }: Pbes2Parameters): Der {
  const cipher = encodeSequence(encodeOid(oid.aes256Cbc), encodeOctetString(iv));
  return encodeSequence(encodeOid(oid.pbes2), encodeSequence(encodeDerivation(derivation), cipher));
}

function encodeDerivation(derivation: KeyDerivation): Der {
  if (derivation.name === 'scrypt') {
    const { salt, cost, blockSize, parallelization } = derivation;
    const numbers = [cost, blockSize, parallelization].map((value) => encodeInteger(value));
    return encodeSequence(encodeOid(oid.scrypt), encodeSequence(encodeOctetString(salt), ...numbers));
  }
  const prf = encodeSequence(encodeOid(prfOids[derivation.hash]), encodeNull());
  return encodeSequence(
    encodeOid(oid.pbkdf2),
    encodeSequence(encodeOctetString(derivation.salt), encodeInteger(derivation.rounds), prf),
  );
}

/**
 * Parses the AlgorithmIdentifier of an EncryptedPrivateKeyInfo.
 * @throws DerError when it is not DER of that shape.
 * @throws {@link SignerError} `unsupportedAlgorithm` for another scheme, derivation or cipher, and for a derivation beyond
 *   our limits.
 */
export function parsePbes2(outer: DerReader): Pbes2Parameters {
  const algorithm = outer.readSequence();
  expectOid(algorithm, { expected: oid.pbes2, what: 'PBES2' });
  const parameters = algorithm.readSequence();
  algorithm.end();
  const derivation = parseDerivation(parameters.readSequence());
  const cipher = parameters.readSequence();
  parameters.end();
  expectOid(cipher, { expected: oid.aes256Cbc, what: 'AES-256-CBC' });
  const iv = cipher.readOctetString();
  cipher.end();
  if (iv.length !== ivOctets)
    throw new SignerError('malformedKey', 'an initialisation vector of AES is 16 octets long');
  return { derivation, iv };
}

function parseDerivation(reader: DerReader): KeyDerivation {
  const found = reader.readOid();
  const parameters = reader.readSequence();
  reader.end();
  if (found === oid.pbkdf2) return parsePbkdf2(parameters);
  if (found === oid.scrypt) return parseScrypt(parameters);
  throw new SignerError('unsupportedAlgorithm', `key derivation ${found} is neither PBKDF2 nor scrypt`);
}

function parsePbkdf2(reader: DerReader): Pbkdf2Parameters {
  const salt = parseSalt(reader);
  const rounds = parseCount(reader, derivationLimits.rounds);
  parseKeyLength(reader);
  if (reader.atEnd) throw new SignerError('unsupportedAlgorithm', 'PBKDF2 with HMAC-SHA-1 is not accepted');
  const prf = reader.readSequence();
  reader.end();
  const found = prf.readOid();
  if (!prf.atEnd) prf.readNull();
  prf.end();
  for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
    if (prfOids[hash] === found) return { name: 'pbkdf2', hash, salt, rounds };
  }
  throw new SignerError('unsupportedAlgorithm', `PBKDF2 with ${found}: only HMAC with SHA-256, 384 or 512 is accepted`);
}

function parseScrypt(reader: DerReader): ScryptParameters {
  const salt = parseSalt(reader);
  const [cost, blockSize, parallelization] = [0, 1, 2].map(() => parseCount(reader, derivationLimits.scryptWork)) as [
    number,
    number,
    number,
  ];
  parseKeyLength(reader);
  reader.end();
  if (cost < 2 || !Number.isInteger(Math.log2(cost))) {
    throw new SignerError('malformedKey', 'the cost parameter of scrypt is a power of 2 (RFC 7914 s2)');
  }
  const tooMuchWork = cost * blockSize * parallelization > derivationLimits.scryptWork;
  if (tooMuchWork || 128 * cost * blockSize > derivationLimits.scryptMemory) {
    throw new SignerError('unsupportedAlgorithm', 'scrypt with a cost beyond what is accepted');
  }
  return { name: 'scrypt', salt, cost, blockSize, parallelization };
}

function parseSalt(reader: DerReader): Uint8Array {
  const salt = reader.readOctetString();
  if (salt.length > derivationLimits.saltOctets) throw new SignerError('unsupportedAlgorithm', 'an over-long salt');
  return salt;
}

/** Reads a positive count; over `max` it is a sound file that asks for too much, not a malformed one. */
function parseCount(reader: DerReader, max: number): number {
  const content = reader.readIntegerBytes();
  const value = content.length > 6 ? Number.POSITIVE_INFINITY : content.reduce((sum, octet) => sum * 256 + octet, 0);
  if (((content[0] as number) & 0x80) !== 0 || value === 0) {
    throw new SignerError('malformedKey', 'a count of the key derivation is not positive');
  }
  if (value > max) throw new SignerError('unsupportedAlgorithm', `a key derivation of more than ${max} rounds`);
  return value;
}

/** keyLength is OPTIONAL; where it stands it must be that of AES-256. */
function parseKeyLength(reader: DerReader): void {
  if (reader.peekTag() === Tag.integer) reader.readSmallInteger(keyOctets, keyOctets);
}

function expectOid(reader: DerReader, { expected, what }: { expected: string; what: string }): void {
  const found = reader.readOid();
  if (found !== expected)
    throw new SignerError('unsupportedAlgorithm', `encrypted with ${found}: only ${what} is read`);
}
