import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { DerReader, encodeNull, fromHex } from '@vcc-pki/asn1';
import { readAlgorithmIdentifier } from './algorithm-identifier.ts';
import {
  type AlgorithmIdentifier,
  encodeAlgorithmIdentifier,
  encodeSignatureAlgorithm,
  isSignatureAlgorithmName,
  type SignatureAlgorithmName,
  signatureAlgorithm,
  signatureAlgorithmForKey,
  signatureAlgorithmOf,
  verifySignature,
} from './index.ts';

const identifier = (der: Uint8Array): AlgorithmIdentifier => readAlgorithmIdentifier(new DerReader(der));
const names: SignatureAlgorithmName[] = [
  ...(['ecdsa-with-SHA256', 'ecdsa-with-SHA384', 'ecdsa-with-SHA512'] as const),
  ...(['sha256WithRSAEncryption', 'sha384WithRSAEncryption', 'sha512WithRSAEncryption'] as const),
  ...(['rsassaPss-SHA256', 'rsassaPss-SHA384', 'rsassaPss-SHA512'] as const),
  ...(['ed25519', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const),
];
const unsupported = { code: 'unsupportedAlgorithm' };

test('an identifier that is written is read as the same algorithm', () => {
  for (const name of names) {
    assert.equal(signatureAlgorithmOf(identifier(encodeSignatureAlgorithm(name))), name);
    assert.ok(isSignatureAlgorithmName(name));
  }
  assert.equal(isSignatureAlgorithmName('toString'), false);
  assert.throws(() => signatureAlgorithm('constructor' as SignatureAlgorithmName), RangeError);
});

test('parameters: absent for ECDSA and EdDSA, NULL or absent for RSA (RFC 5758 s3.2, RFC 4055 s5)', () => {
  const of = (name: SignatureAlgorithmName, parameters: Uint8Array): SignatureAlgorithmName =>
    signatureAlgorithmOf(identifier(encodeAlgorithmIdentifier(signatureAlgorithm(name).oid, parameters)));
  assert.equal(of('sha256WithRSAEncryption', new Uint8Array(0)), 'sha256WithRSAEncryption');
  assert.throws(() => of('sha256WithRSAEncryption', fromHex('3000')), unsupported);
  for (const name of ['ecdsa-with-SHA256', 'ed25519', 'ml-dsa-65'] as const) {
    assert.throws(() => of(name, encodeNull()), unsupported);
  }
});

test('RSASSA-PSS: one hash for message and mask, salt of its length; hash parameters NULL or absent (RFC 4055 s2.1)', () => {
  const pss = (parameters: string): SignatureAlgorithmName =>
    signatureAlgorithmOf(
      identifier(encodeAlgorithmIdentifier('1.2.840.113549.1.1.10', fromHex(parameters.replaceAll(' ', '')))),
    );
  const withNull = '300d 0609 608648016503040201 0500';
  const bare = '300b 0609 608648016503040201';
  const mgf1 = '0609 2a864886f70d010108';
  assert.equal(pss(`3034 a00f ${withNull} a11c 301a ${mgf1} ${withNull} a203 020120`), 'rsassaPss-SHA256');
  assert.equal(pss(`3030 a00d ${bare} a11a 3018 ${mgf1} ${bare} a203 020120`), 'rsassaPss-SHA256');
  // SHA-1 by default; another salt length; SHA-256 with SHA-384 in the mask; the default trailer spelled out.
  const sha384 = withNull.replace('040201', '040202');
  for (const bad of [
    '3000',
    `3034 a00f ${withNull} a11c 301a ${mgf1} ${withNull} a203 020114`,
    `3034 a00f ${withNull} a11c 301a ${mgf1} ${sha384} a203 020120`,
    `3039 a00f ${withNull} a11c 301a ${mgf1} ${withNull} a203 020120 a303 020101`,
  ]) {
    assert.throws(() => pss(bad), unsupported, bad);
  }
});

test('SHA-1 only for those who ask for it, MD5 never', () => {
  const sha1 = identifier(encodeAlgorithmIdentifier('1.2.840.113549.1.1.5', encodeNull()));
  const md5 = identifier(encodeAlgorithmIdentifier('1.2.840.113549.1.1.4', encodeNull()));
  assert.throws(() => signatureAlgorithmOf(sha1), unsupported);
  assert.equal(signatureAlgorithmOf(sha1, { allowLegacy: true }), 'sha1WithRSAEncryption');
  assert.throws(() => signatureAlgorithmOf(md5, { allowLegacy: true }), unsupported);
});

test('the default algorithm of a key', () => {
  const of = (pair: { publicKey: { export(options: { type: 'spki'; format: 'der' }): Buffer } }): string =>
    signatureAlgorithmForKey(new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' })));
  assert.equal(of(generateKeyPairSync('ec', { namedCurve: 'P-256' })), 'ecdsa-with-SHA256');
  assert.equal(of(generateKeyPairSync('ec', { namedCurve: 'P-384' })), 'ecdsa-with-SHA384');
  assert.equal(of(generateKeyPairSync('rsa', { modulusLength: 2048 })), 'sha256WithRSAEncryption');
  assert.equal(of(generateKeyPairSync('ec', { namedCurve: 'P-521' })), 'ecdsa-with-SHA512');
  for (const name of ['ed25519', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const) {
    assert.equal(of(generateKeyPairSync(name as 'ed25519')), name);
  }
  assert.throws(() => of(generateKeyPairSync('x25519')), unsupported);
  assert.throws(() => of(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), unsupported);
});

test('a key of another kind, or none at all, makes a signature not valid', async () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const [data, signature] = [fromHex('00'), new Uint8Array(64)];
  for (const algorithm of names) {
    assert.equal(await verifySignature({ algorithm, publicKey: key, data, signature }), false, algorithm);
    assert.equal(await verifySignature({ algorithm, publicKey: fromHex('3000'), data, signature }), false, algorithm);
  }
});
