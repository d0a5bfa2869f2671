import { constants, type SigningOptions } from 'node:crypto';
import {
  type Der,
  encodeExplicit,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
  equalBytes,
  type Oid,
} from '@vcc-pki/asn1';
import type { AlgorithmIdentifier } from './algorithm-identifier.ts';
import { describePublicKey, type EcCurve, type PublicKeyDescription } from './public-key-description.ts';
import { X509Error } from './x509-error.ts';

interface Row {
  readonly name: string;
  readonly oid: Oid;
  /** Encodings of the parameters that are accepted; the first is the one that is written. Empty octets: absent. */
  readonly parameters: readonly [Der, ...Der[]];
  /** Node's `asymmetricKeyType` of the keys that may be used. */
  readonly keyTypes: readonly string[];
  /** Node's name of the hash, or `null` when the scheme hashes by itself. */
  readonly hash: string | null;
  /** What `sign` and `verify` of node:crypto need beside the key. */
  readonly options: Readonly<SigningOptions> & { readonly dsaEncoding?: 'der' };
  /** The kind of key that signs with this algorithm unless told otherwise. */
  readonly defaultFor?: Exclude<PublicKeyDescription['type'], 'EC' | 'unknown'> | EcCurve;
  /** True: refused unless the caller opts in (SHA-1: old test suites need it, nobody else). */
  readonly legacy?: boolean;
}

const absent = new Uint8Array(0);
// RFC 4055 s5: written as NULL, and accepted when absent.
const rsaParameters = [encodeNull(), absent] as const;
const rsaPkcs1 = { keyTypes: ['rsa'], options: { padding: constants.RSA_PKCS1_PADDING } } as const;
// RFC 5758 s3.2, RFC 8410 s3, RFC 9881 s2: the parameters MUST be absent.
const ecdsa = { parameters: [absent], keyTypes: ['ec'], options: { dsaEncoding: 'der' } } as const;
const hashesItself = { parameters: [absent], hash: null, options: {} } as const;
const rsaPss = {
  oid: '1.2.840.113549.1.1.10',
  keyTypes: ['rsa', 'rsa-pss'],
  // The salt is as long as the hash: the only length that RFC 4055 s3.1 recommends and that others accept everywhere.
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
} as const;

/** RSASSA-PSS-params with one hash for message and mask; RFC 4055 s2.1 makes NULL and absent equal within the hashes. */
function pssParameters(hash: Oid, saltLength: number): [Der, Der, Der, Der] {
  const withNull = encodeSequence(encodeOid(hash), encodeNull());
  const bare = encodeSequence(encodeOid(hash));
  const encode = (message: Der, mask: Der): Der =>
    encodeSequence(
      encodeExplicit(0, message),
      encodeExplicit(1, encodeSequence(encodeOid('1.2.840.113549.1.1.8'), mask)),
      encodeExplicit(2, encodeInteger(saltLength)),
    );
  return [encode(withNull, withNull), encode(bare, bare), encode(withNull, bare), encode(bare, withNull)];
}

/** The one table of signature algorithms: nothing else enumerates them. SHA-1 is legacy, MD5 is not there. */
const rows = [
  { name: 'ecdsa-with-SHA256', defaultFor: 'P-256', oid: '1.2.840.10045.4.3.2', hash: 'sha256', ...ecdsa },
  { name: 'ecdsa-with-SHA384', defaultFor: 'P-384', oid: '1.2.840.10045.4.3.3', hash: 'sha384', ...ecdsa },
  { name: 'ecdsa-with-SHA512', defaultFor: 'P-521', oid: '1.2.840.10045.4.3.4', hash: 'sha512', ...ecdsa },
  {
    name: 'sha256WithRSAEncryption',
    defaultFor: 'RSA',
    oid: '1.2.840.113549.1.1.11',
    hash: 'sha256',
    parameters: rsaParameters,
    ...rsaPkcs1,
  },
  {
    name: 'sha384WithRSAEncryption',
    oid: '1.2.840.113549.1.1.12',
    hash: 'sha384',
    parameters: rsaParameters,
    ...rsaPkcs1,
  },
  {
    name: 'sha512WithRSAEncryption',
    oid: '1.2.840.113549.1.1.13',
    hash: 'sha512',
    parameters: rsaParameters,
    ...rsaPkcs1,
  },
  { name: 'rsassaPss-SHA256', hash: 'sha256', parameters: pssParameters('2.16.840.1.101.3.4.2.1', 32), ...rsaPss },
  { name: 'rsassaPss-SHA384', hash: 'sha384', parameters: pssParameters('2.16.840.1.101.3.4.2.2', 48), ...rsaPss },
  { name: 'rsassaPss-SHA512', hash: 'sha512', parameters: pssParameters('2.16.840.1.101.3.4.2.3', 64), ...rsaPss },
  { name: 'ed25519', defaultFor: 'Ed25519', oid: '1.3.101.112', keyTypes: ['ed25519'], ...hashesItself },
  {
    name: 'ml-dsa-44',
    defaultFor: 'ML-DSA-44',
    oid: '2.16.840.1.101.3.4.3.17',
    keyTypes: ['ml-dsa-44'],
    ...hashesItself,
  },
  {
    name: 'ml-dsa-65',
    defaultFor: 'ML-DSA-65',
    oid: '2.16.840.1.101.3.4.3.18',
    keyTypes: ['ml-dsa-65'],
    ...hashesItself,
  },
  {
    name: 'ml-dsa-87',
    defaultFor: 'ML-DSA-87',
    oid: '2.16.840.1.101.3.4.3.19',
    keyTypes: ['ml-dsa-87'],
    ...hashesItself,
  },
  {
    name: 'sha1WithRSAEncryption',
    oid: '1.2.840.113549.1.1.5',
    hash: 'sha1',
    parameters: rsaParameters,
    legacy: true,
    ...rsaPkcs1,
  },
  // RFC 3279 s2.2.2; the test suites of the 2000s have it.
  {
    name: 'dsa-with-SHA1',
    oid: '1.2.840.10040.4.3',
    hash: 'sha1',
    parameters: [absent],
    keyTypes: ['dsa'],
    options: { dsaEncoding: 'der' },
    legacy: true,
  },
] as const satisfies readonly Row[];

/** Name of a signature algorithm, as its RFC or Node writes it. */
export type SignatureAlgorithmName = (typeof rows)[number]['name'];

/** One row of the table of signature algorithms. */
export interface SignatureAlgorithm extends Row {
  readonly name: SignatureAlgorithmName;
}

const table: readonly SignatureAlgorithm[] = rows;
const byName = new Map<string, SignatureAlgorithm>(table.map((row) => [row.name, row]));

/** True when `name` is a row of the table, for configuration and stored records. */
export function isSignatureAlgorithmName(name: string): name is SignatureAlgorithmName {
  return byName.has(name);
}

/** The row of a signature algorithm. */
export function signatureAlgorithm(name: SignatureAlgorithmName): SignatureAlgorithm {
  const row = byName.get(name);
  if (row === undefined) throw new RangeError(`there is no signature algorithm "${name}"`);
  return row;
}

/**
 * The signature algorithm that an AlgorithmIdentifier means, parameters included.
 * @param options `allowLegacy` lets SHA-1 pass; default false.
 * @throws {@link X509Error} `unsupportedAlgorithm`
 */
export function signatureAlgorithmOf(
  identifier: AlgorithmIdentifier,
  options: { readonly allowLegacy?: boolean } = {},
): SignatureAlgorithmName {
  const row = table.find(
    ({ oid, parameters }) =>
      oid === identifier.oid && parameters.some((accepted) => equalBytes(accepted, identifier.parameters)),
  );
  if (row === undefined) {
    throw new X509Error('unsupportedAlgorithm', `the signature algorithm ${identifier.oid} or its parameters`);
  }
  if (row.legacy === true && options.allowLegacy !== true) {
    throw new X509Error('unsupportedAlgorithm', `${row.name} is too weak to be accepted`);
  }
  return row.name;
}

/**
 * The signature algorithm that a key signs with unless told otherwise: SHA-256 for P-256 and RSA, SHA-384 for P-384.
 * @param publicKey DER SubjectPublicKeyInfo.
 * @throws {@link X509Error} `unsupportedAlgorithm`; {@link DerError}
 */
export function signatureAlgorithmForKey(publicKey: Uint8Array): SignatureAlgorithmName {
  const key = describePublicKey(publicKey);
  const kind = key.type === 'EC' ? key.curve : key.type;
  const row = table.find(({ defaultFor }) => defaultFor === kind);
  if (row === undefined) throw new X509Error('unsupportedAlgorithm', 'no signature algorithm for this kind of key');
  return row.name;
}
