import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { signingInput, verifySignature } from '@vcc-pki/x509';
import { checkSigner } from './check-signer.ts';
import { generateKey, type KeyType, keyTypes } from './key-type.ts';
import { SignerError, type SignerErrorCode } from './signer-error.ts';
import { createSoftwareSigner } from './software-signer.ts';

const refusesWith = (code: SignerErrorCode) => (error: unknown) => error instanceof SignerError && error.code === code;
const data = new TextEncoder().encode('to be signed');

test('signs with the algorithm of the key, and x509 verifies it', async () => {
  const algorithms: Record<KeyType, string> = {
    'P-256': 'ecdsa-with-SHA256',
    'P-384': 'ecdsa-with-SHA384',
    'RSA-2048': 'sha256WithRSAEncryption',
    'RSA-3072': 'sha256WithRSAEncryption',
    'RSA-4096': 'sha256WithRSAEncryption',
    Ed25519: 'ed25519',
  };
  for (const keyType of keyTypes) {
    const signer = createSoftwareSigner(await generateKey(keyType));
    assert.equal(signer.signatureAlgorithm, algorithms[keyType]);
    const signature = await signer.sign(data);
    const { publicKey, signatureAlgorithm: algorithm } = signer;
    assert.equal(await verifySignature({ algorithm, publicKey, data, signature }), true, keyType);
    assert.equal(await verifySignature({ algorithm, publicKey, data: data.subarray(1), signature }), false, keyType);
  }
});

test('RSA keys have the size of their name', async () => {
  for (const keyType of ['RSA-2048', 'RSA-3072', 'RSA-4096'] as const) {
    const { asymmetricKeyDetails } = await generateKey(keyType);
    assert.equal(`RSA-${asymmetricKeyDetails?.modulusLength}`, keyType);
    assert.equal(asymmetricKeyDetails?.publicExponent, 65_537n);
  }
});

test('the event loop turns while signatures are made', async () => {
  const signer = createSoftwareSigner(await generateKey('RSA-4096'));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await Promise.all(Array.from({ length: 30 }, () => signer.sign(data)));
  clearInterval(timer);
  assert.ok(turns >= 3, `${turns} turns`);
});

test('a closed signer refuses, and one that is closed meanwhile finishes', async () => {
  const signer = createSoftwareSigner(await generateKey('P-256'));
  const underWay = signer.sign(data);
  await signer.close();
  assert.ok((await underWay).length > 0);
  await assert.rejects(signer.sign(data), refusesWith('signerClosed'));
  await signer.close();
});

test('keys that cannot sign certificates are refused', () => {
  for (const { privateKey } of [
    generateKeyPairSync('x25519'),
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  ]) {
    assert.throws(() => createSoftwareSigner(privateKey), refusesWith('unsupportedAlgorithm'));
  }
});

test('checkSigner tells a foreign key from a damaged one', async () => {
  const signer = createSoftwareSigner(await generateKey('P-256'));
  const other = createSoftwareSigner(await generateKey('P-256'));
  await checkSigner(signer, signer.publicKey);
  await assert.rejects(checkSigner(signer, other.publicKey), refusesWith('keyMismatch'));
  // The private number of one key beside the public point of another, as a damaged PKCS #8 file can have it.
  const [mine, theirs] = [await generateKey('P-256'), await generateKey('P-256')].map((key) => ({
    jwk: key.export({ format: 'jwk' }),
    publicKey: new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' })),
  }));
  const sec1 = generateSec1(mine!.jwk.d!, theirs!.publicKey.subarray(-65));
  const mixed = createSoftwareSigner(createPrivateKey({ key: sec1, format: 'der', type: 'sec1' }));
  await assert.rejects(checkSigner(mixed, theirs!.publicKey), refusesWith('malformedKey'));
});

/** ECPrivateKey (RFC 5915 s3) for P-256 with any number and any point. */
function generateSec1(d: string, point: Uint8Array): Buffer {
  const curve = Buffer.from('a00a06082a8648ce3d030107', 'hex');
  const publicKey = Buffer.concat([Buffer.from('a144034200', 'hex'), point]);
  const body = Buffer.concat([Buffer.from('0201010420', 'hex'), Buffer.from(d, 'base64url'), curve, publicKey]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

test('what is too large to be handed on in one go is signed and verified in slices, with the same result', async () => {
  const large = new Uint8Array(3 * 2 ** 20 + 17).fill(0x5a);
  const damaged = large.with(large.length - 1, 0x5b);
  for (const keyType of keyTypes) {
    const privateKey = await generateKey(keyType);
    const signer = createSoftwareSigner(privateKey);
    const { publicKey, signatureAlgorithm: algorithm } = signer;
    const { hash, options } = signingInput(algorithm);
    const inSlices = await signer.sign(large);
    const inOneGo = sign(hash, large, { key: privateKey, ...options });
    assert.equal(verify(hash, large, { key: createPublicKey(privateKey), ...options }, inSlices), true, keyType);
    const isGood = (data: Uint8Array, signature: Uint8Array) =>
      verifySignature({ algorithm, publicKey, data, signature });
    assert.equal(await isGood(large, inSlices), true, keyType);
    assert.equal(await isGood(large, inOneGo), true, keyType);
    assert.equal(await isGood(damaged, inSlices), false, keyType);
    assert.equal(await isGood(large, new Uint8Array(5)), false, keyType);
  }
});
