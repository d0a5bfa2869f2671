import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import type { ProblemCode } from '@vcc-pki/api';
import { encodeBitString, encodeNull, encodeOid, encodeSequence } from '@vcc-pki/asn1';
import {
  algorithmWithNull,
  closePrimesModulus,
  oddRequest,
  rocaModulus,
  rsaPublicKey,
  signer,
  spkiOf,
} from '../../support/odd-request.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { allowStrictService, refusing } from './refusals.ts';

const shared = sharedPki(() => ({ configure: allowStrictService }));

const sha256WithRsa = algorithmWithNull('1.2.840.113549.1.1.11');
const bare = (oid: string): Uint8Array => encodeSequence(encodeOid(oid));

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const rsa = (modulusLength: number, publicExponent = 65_537): Pair =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });
const ec = (namedCurve: string, paramEncoding: 'named' | 'explicit' = 'named'): Pair =>
  generateKeyPairSync('ec', { namedCurve, paramEncoding });

/** A CSR with a key of this pair, rightly signed by it. */
function signedBy({ publicKey, privateKey }: Pair, algorithm: Uint8Array, hash: string | null): Uint8Array {
  return oddRequest({ publicKey: spkiOf(publicKey), algorithm, sign: signer(hash, privateKey) });
}

/** An EC key with a point of these octets. */
function ecPublicKey(curve: string, point: Uint8Array): Uint8Array {
  return encodeSequence(encodeSequence(encodeOid('1.2.840.10045.2.1'), encodeOid(curve)), encodeBitString(point));
}
const p256 = '1.2.840.10045.3.1.7';
const ecdsaWithSha256 = bare('1.2.840.10045.4.3.2');

/** The point of a P-256 key in another form. */
function pointOf({ publicKey }: Pair): Buffer {
  return Buffer.from(spkiOf(publicKey).slice(-65));
}

const weakKeys: Readonly<Record<string, () => Uint8Array>> = {
  'RSA of 1024 bits': () => signedBy(rsa(1024), sha256WithRsa, 'sha256'),
  'RSA of 2047 bits': () => oddRequest({ publicKey: rsaPublicKey((1n << 2046n) + 1n), algorithm: sha256WithRsa }),
  'RSA of 8192 bits': () => oddRequest({ publicKey: rsaPublicKey((1n << 8191n) + 1n), algorithm: sha256WithRsa }),
  'RSA with the exponent 3': () => signedBy(rsa(2048, 3), sha256WithRsa, 'sha256'),
  'RSA with the exponent 1': () =>
    oddRequest({ publicKey: rsaPublicKey(rocaModulus() + 2n, 1n), algorithm: sha256WithRsa }),
  'RSA with an even exponent': () =>
    oddRequest({ publicKey: rsaPublicKey((1n << 2047n) + 1n, 65_538n), algorithm: sha256WithRsa }),
  'RSA with an even modulus': () => oddRequest({ publicKey: rsaPublicKey(1n << 2047n), algorithm: sha256WithRsa }),
  'RSA with the fingerprint of ROCA': () =>
    oddRequest({ publicKey: rsaPublicKey(rocaModulus()), algorithm: sha256WithRsa }),
  'RSA of two close primes': () =>
    oddRequest({ publicKey: rsaPublicKey(closePrimesModulus()), algorithm: sha256WithRsa }),
  'P-521': () => signedBy(ec('P-521'), bare('1.2.840.10045.4.3.4'), 'sha512'),
  'P-224': () => signedBy(ec('secp224r1'), ecdsaWithSha256, 'sha256'),
  secp256k1: () => signedBy(ec('secp256k1'), ecdsaWithSha256, 'sha256'),
  brainpoolP256r1: () => signedBy(ec('brainpoolP256r1'), ecdsaWithSha256, 'sha256'),
  'P-256 by explicit parameters': () => signedBy(ec('P-256', 'explicit'), ecdsaWithSha256, 'sha256'),
  'P-256 with a compressed point': () => {
    const point = pointOf(ec('P-256'));
    return oddRequest({
      publicKey: ecPublicKey(p256, Buffer.concat([Buffer.from([2 + (point[64]! & 1)]), point.subarray(1, 33)])),
    });
  },
  'P-256 with a point off the curve': () => {
    const point = pointOf(ec('P-256'));
    point[64]! ^= 1;
    return oddRequest({ publicKey: ecPublicKey(p256, point) });
  },
  'P-256 with the point at infinity': () => oddRequest({ publicKey: ecPublicKey(p256, new Uint8Array([0])) }),
  'Ed25519 with a point of small order': () =>
    oddRequest({
      publicKey: encodeSequence(bare('1.3.101.112'), encodeBitString(new Uint8Array(32))),
      algorithm: bare('1.3.101.112'),
    }),
  Ed448: () => signedBy(generateKeyPairSync('ed448'), bare('1.3.101.113'), null),
  DSA: () =>
    signedBy(
      generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
      bare('2.16.840.1.101.3.4.3.2'),
      'sha256',
    ),
  X25519: () => oddRequest({ publicKey: spkiOf(generateKeyPairSync('x25519').publicKey) }),
  'a key of an algorithm that nobody knows': () =>
    oddRequest({ publicKey: encodeSequence(bare('1.2.3.4.5'), encodeBitString(new Uint8Array(32))) }),
};

const keys = { rsa: rsa(2048), ec: ec('P-256'), other: ec('P-256'), ed25519: generateKeyPairSync('ed25519') };

const badSignatures: readonly [string, () => Uint8Array, readonly ProblemCode[]][] = [
  [
    'MD5 with RSA',
    () => signedBy(keys.rsa, algorithmWithNull('1.2.840.113549.1.1.4'), 'md5'),
    ['badSignatureAlgorithm'],
  ],
  [
    'SHA-1 with RSA',
    () => signedBy(keys.rsa, algorithmWithNull('1.2.840.113549.1.1.5'), 'sha1'),
    ['badSignatureAlgorithm'],
  ],
  ['SHA-1 with ECDSA', () => signedBy(keys.ec, bare('1.2.840.10045.4.1'), 'sha1'), ['badSignatureAlgorithm']],
  ['an unknown algorithm', () => signedBy(keys.ec, bare('1.2.3.4'), 'sha256'), ['badSignatureAlgorithm']],
  [
    'PSS by default parameters, which mean SHA-1',
    () => signedBy(keys.rsa, encodeSequence(encodeOid('1.2.840.113549.1.1.10'), encodeSequence()), 'sha256'),
    ['badSignatureAlgorithm'],
  ],
  [
    'ECDSA with parameters NULL',
    () => signedBy(keys.ec, encodeSequence(encodeOid('1.2.840.10045.4.3.2'), encodeNull()), 'sha256'),
    ['badSignatureAlgorithm'],
  ],
  [
    'an RSA algorithm over an EC key',
    () => signedBy(keys.ec, sha256WithRsa, 'sha256'),
    ['badCSR', 'badSignatureAlgorithm'],
  ],
  [
    'an EC algorithm over an RSA key',
    () => signedBy(keys.rsa, ecdsaWithSha256, 'sha256'),
    ['badCSR', 'badSignatureAlgorithm'],
  ],
  [
    'an EC algorithm over an Ed25519 key',
    () => signedBy(keys.ed25519, ecdsaWithSha256, null),
    ['badCSR', 'badSignatureAlgorithm'],
  ],
  [
    'the signature of another key',
    () => signedBy({ ...keys.ec, privateKey: keys.other.privateKey }, ecdsaWithSha256, 'sha256'),
    ['badCSR'],
  ],
  [
    'a signature over something else',
    () =>
      oddRequest({
        publicKey: spkiOf(keys.ec.publicKey),
        sign: (data) => signer('sha256', keys.ec.privateKey)(data.slice(1)),
      }),
    ['badCSR'],
  ],
  ['a signature by another hash', () => signedBy(keys.ec, ecdsaWithSha256, 'sha384'), ['badCSR']],
  [
    'no signature',
    () => oddRequest({ publicKey: spkiOf(keys.ec.publicKey), sign: () => new Uint8Array() }),
    ['badCSR'],
  ],
  [
    'a signature of nothing but zeros',
    () =>
      oddRequest({
        publicKey: spkiOf(keys.ed25519.publicKey),
        algorithm: bare('1.3.101.112'),
        sign: () => new Uint8Array(64),
      }),
    ['badCSR'],
  ],
  [
    'another version of PKCS#10',
    () => oddRequest({ publicKey: spkiOf(keys.ec.publicKey), version: 1, sign: signer('sha256', keys.ec.privateKey) }),
    ['badCSR'],
  ],
];

test('keys that are weak or of another kind are refused', async (t) => {
  const pki = shared();
  await refusing(t, pki, async ({ refuseCsr }) => {
    for (const [what, make] of Object.entries(weakKeys)) {
      const { body } = await refuseCsr(make());
      // Some kinds of key sign by no algorithm that is accepted, which is found first.
      const codes = ['badPublicKey', ...(/^(Ed448|DSA|P-521)$/.test(what) ? ['badSignatureAlgorithm'] : [])];
      assert.ok(codes.includes(`${body['code']}`), `${what}: ${JSON.stringify(body)}`);
    }
  });
});

test('requests without proof of possession are refused', async (t) => {
  const pki = shared();
  await refusing(t, pki, async ({ refuseCsr }) => {
    for (const [what, make, codes] of badSignatures) {
      const { body } = await refuseCsr(make());
      assert.ok(codes.includes(body['code'] as ProblemCode), `${what}: ${JSON.stringify(body)}`);
    }
  });
});
