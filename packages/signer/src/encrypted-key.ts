import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import {
  type Der,
  DerError,
  type DerReader,
  encodeOctetString,
  encodePem,
  encodeSequence,
  parsePem,
  readSingleSequence,
  Tag,
} from '@vcc-pki/asn1';
import { encodePbes2, type KeyDerivation, type Pbes2Parameters, parsePbes2 } from './pbes2.ts';
import { decryptPbes2, encryptPbes2 } from './pbes2-cipher.ts';
import { SignerError } from './signer-error.ts';

/** EncryptedPrivateKeyInfo (RFC 5958 s3), taken apart and still encrypted. */
export interface EncryptedPrivateKey {
  readonly parameters: Pbes2Parameters;
  readonly encryptedData: Uint8Array;
}

const pemLabel = 'ENCRYPTED PRIVATE KEY';

/**
 * The least that a CA key's derivation may cost: the settings that the OWASP Password Storage Cheat Sheet (2023) holds for
 * equal. For scrypt these are N=2^17, r=8, p=1 down to N=2^13, r=8, p=10, of which the least product counts.
 */
const floor = { pbkdf2Rounds: 600_000, scryptCost: 2 ** 13, scryptBlockSize: 8, scryptWork: 2 ** 13 * 8 * 10 };

const howToReEncrypt =
  'encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000 -in OLD -out NEW';

/**
 * A fresh derivation for a new file, as costly as OWASP has it: PBKDF2-HMAC-SHA256 with 600,000 rounds, or scrypt with
 * N=2^14, r=8, p=5, of OWASP's settings the one within the 32 MiB that OpenSSL allows. OpenSSL reads both.
 */
export function newDerivation(name: KeyDerivation['name']): KeyDerivation {
  const salt = randomBytes(16);
  if (name === 'scrypt') return { name, salt, cost: 2 ** 14, blockSize: 8, parallelization: 5 };
  return { name, hash: 'sha256', salt, rounds: floor.pbkdf2Rounds };
}

/**
 * Encrypts a private key as PKCS #8: PBES2 with AES-256-CBC (RFC 5958 s3, RFC 8018 s6.2).
 * @param options.passphrase its UTF-8 octets; not kept, and not zeroed: it is the caller's.
 * @param options.derivation default {@link newDerivation} of `pbkdf2`.
 * @returns PEM, label `ENCRYPTED PRIVATE KEY`.
 * @throws {@link SignerError} `weakEncryption` when the passphrase is empty or the derivation below the floor.
 */
export async function encryptPrivateKey(options: {
  readonly privateKey: KeyObject;
  readonly passphrase: Uint8Array;
  readonly derivation?: KeyDerivation;
}): Promise<string> {
  const parameters: Pbes2Parameters = {
    derivation: options.derivation ?? newDerivation('pbkdf2'),
    iv: randomBytes(16),
  };
  if (options.passphrase.length === 0) {
    throw new SignerError('weakEncryption', 'an empty passphrase does not protect a key');
  }
  checkDerivation(parameters.derivation);
  const plaintext = options.privateKey.export({ format: 'der', type: 'pkcs8' });
  try {
    const encryptedData = await encryptPbes2(plaintext, options.passphrase, parameters);
    return encodePem(pemLabel, encodeEncryptedPrivateKey({ parameters, encryptedData }));
  } finally {
    plaintext.fill(0);
  }
}

/** Encodes an EncryptedPrivateKeyInfo (RFC 5958 s3). */
export function encodeEncryptedPrivateKey({ parameters, encryptedData }: EncryptedPrivateKey): Der {
  return encodeSequence(encodePbes2(parameters), encodeOctetString(encryptedData));
}

/**
 * Parses the one PEM block of a key file; text around it is ignored (RFC 7468 s2).
 * @throws {@link SignerError} `malformedKey`, `unsupportedAlgorithm`; a key in clear is `weakEncryption`.
 */
export function parseEncryptedPrivateKey(pem: string): EncryptedPrivateKey {
  return malformedAs('not a PEM file with an encrypted private key', () => {
    const [block, ...others] = parsePem(pem);
    if (block === undefined || others.length > 0) {
      throw new SignerError('malformedKey', 'expected one PEM block, ENCRYPTED PRIVATE KEY');
    }
    if (['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'].includes(block.label)) {
      throw new SignerError('weakEncryption', `the key is not encrypted; ${howToReEncrypt}`);
    }
    if (block.label !== pemLabel) {
      throw new SignerError('malformedKey', `expected a PEM block ENCRYPTED PRIVATE KEY, found ${block.label}`);
    }
    const info = readSingleSequence(block.der);
    const parameters = parsePbes2(info);
    const encryptedData = info.readOctetString();
    info.end();
    return { parameters, encryptedData };
  });
}

/**
 * Checks that guessing the passphrase of a stolen file costs at least what OWASP asks for today.
 * @throws {@link SignerError} `weakEncryption`, which says how to encrypt the key anew.
 */
export function checkDerivation(derivation: KeyDerivation): void {
  if (derivation.name === 'pbkdf2') {
    if (derivation.rounds >= floor.pbkdf2Rounds) return;
    throw new SignerError(
      'weakEncryption',
      `the key is encrypted with ${derivation.rounds} rounds of PBKDF2, at least ${floor.pbkdf2Rounds} are needed; ${howToReEncrypt}`,
    );
  }
  const { cost, blockSize, parallelization } = derivation;
  const isStrong = cost >= floor.scryptCost && blockSize >= floor.scryptBlockSize;
  if (isStrong && cost * blockSize * parallelization >= floor.scryptWork) return;
  throw new SignerError(
    'weakEncryption',
    `the key is encrypted with scrypt N=${cost} r=${blockSize} p=${parallelization}, at least N=16384 r=8 p=5 or as costly is needed; ${howToReEncrypt}`,
  );
}

/**
 * Decrypts a private key. Its strength is not looked at here: see {@link checkDerivation}.
 * @param passphrase its UTF-8 octets; not kept, and not zeroed: it is the caller's.
 * @throws {@link SignerError} `wrongPassphrase`, or `malformedKey` when what it opens holds no key.
 */
export async function decryptPrivateKey(key: EncryptedPrivateKey, passphrase: Uint8Array): Promise<KeyObject> {
  if (passphrase.length === 0) throw new SignerError('wrongPassphrase', 'the passphrase is empty');
  const plaintext = await decryptPbes2(key.encryptedData, passphrase, key.parameters);
  if (plaintext === undefined) throw wrongPassphrase();
  try {
    // Noise passes for padding once in 256 times; that it is also a PrivateKeyInfo does not happen.
    if (!isPrivateKeyInfo(plaintext)) throw wrongPassphrase();
    return createPrivateKey({
      key: Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.length),
      format: 'der',
      type: 'pkcs8',
    });
  } catch (error) {
    if (error instanceof SignerError) throw error;
    throw new SignerError(
      'malformedKey',
      'the passphrase is right, but the file holds no private key that can be read',
      {
        cause: error,
      },
    );
  } finally {
    plaintext.fill(0);
  }
}

function wrongPassphrase(): SignerError {
  return new SignerError('wrongPassphrase', 'the passphrase does not open the key (or the file is damaged)');
}

/** Whether the octets have the shape of OneAsymmetricKey (RFC 5958 s2): version, algorithm, key, attributes, public key. */
function isPrivateKeyInfo(der: Uint8Array): boolean {
  try {
    const info = readSingleSequence(der);
    info.readSmallInteger(0, 1);
    readAlgorithm(info.readSequence());
    info.readOctetString();
    while (!info.atEnd) info.readElement();
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

function readAlgorithm(algorithm: DerReader): void {
  algorithm.readElement(Tag.oid);
  if (!algorithm.atEnd) algorithm.readElement();
  algorithm.end();
}

function malformedAs<T>(message: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new SignerError('malformedKey', `${message}: ${error.message}`, { cause: error });
  }
}
