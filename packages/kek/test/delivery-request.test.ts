import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { CompactSign } from 'jose';
import {
  type DeliveryRequest,
  deliveryRequestMaxAgeMs,
  deliveryRequestType,
  generateDeliveryKey,
  KekError,
  signDeliveryRequest,
  verifyDeliveryRequest,
} from '../src/index.ts';
import { makeService, now } from './support/kek-scene.ts';

const service = makeService(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const refused = (error: unknown): boolean => error instanceof KekError && error.code === 'badRequest';
const request: DeliveryRequest = {
  kekId: 'kek_123',
  kem: 'X25519',
  publicKey: (await generateDeliveryKey('X25519')).publicKey,
  nonce: new Uint8Array(randomBytes(32)),
  instance: 'themis-0',
};
const expected = { certificate: service.certificate, kekId: 'kek_123', now };

test('a request of every kind of service key is verified under that key', async () => {
  const keys = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('ml-dsa-65'),
  ];
  for (const pair of keys) {
    const { certificate, privateKey } = makeService(pair);
    const jws = await signDeliveryRequest(request, { certificate, privateKey, now });
    assert.deepEqual(await verifyDeliveryRequest(jws, { ...expected, certificate }), { ...request, issuedAt: now });
  }
});

test('another KEK, another signer, another time are refused', async () => {
  const jws = await signDeliveryRequest(request, { ...service, now });
  await verifyDeliveryRequest(jws, { ...expected, now: now + deliveryRequestMaxAgeMs });
  const other = makeService(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  for (const change of [
    { kekId: 'kek_124' },
    { certificate: other.certificate },
    { now: now + deliveryRequestMaxAgeMs + 1 },
    { now: now - deliveryRequestMaxAgeMs - 1 },
  ]) {
    await assert.rejects(verifyDeliveryRequest(jws, { ...expected, ...change }), refused);
  }
});

test('no changed character of a request passes', async () => {
  const jws = await signDeliveryRequest(request, { ...service, now });
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const swapped = JSON.parse(Buffer.from(payload, 'base64url').toString());
  swapped.pk = Buffer.from((await generateDeliveryKey('X25519')).publicKey).toString('base64url');
  const withSwappedKey = Buffer.from(JSON.stringify(swapped)).toString('base64url');
  for (const text of [
    [header, withSwappedKey, signature].join('.'),
    [header, payload, ''].join('.'),
    [Buffer.from('{"alg":"none"}').toString('base64url'), payload, ''].join('.'),
    `${jws}.`,
    '',
    'a'.repeat(20_000),
  ]) {
    await assert.rejects(verifyDeliveryRequest(text, expected), refused);
  }
});

test('other signatures of the same service are no requests', async () => {
  const x5t = JSON.parse(
    Buffer.from((await signDeliveryRequest(request, { ...service, now })).split('.')[0]!, 'base64url').toString(),
  )['x5t#S256'];
  const good = {
    kek_id: 'kek_123',
    kem: 'X25519',
    pk: Buffer.from(request.publicKey).toString('base64url'),
    nonce: Buffer.from(request.nonce).toString('base64url'),
    instance: 'themis-0',
    iat: now / 1000,
  };
  const sign = (payload: unknown, header: object = {}) =>
    new CompactSign(new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ES256', typ: deliveryRequestType, 'x5t#S256': x5t, ...header })
      .sign(service.privateKey);
  await verifyDeliveryRequest(await sign(good), expected);
  for (const [payload, header] of [
    [good, { typ: 'JWT' }],
    [good, { typ: undefined }],
    [good, { 'x5t#S256': 'AAAA' }],
    [good, { 'x5t#S256': undefined }],
    ['not json', {}],
    ['[]', {}],
    [{ ...good, kem: 'X448' }, {}],
    [{ ...good, kem: 'X-Wing' }, {}],
    [{ ...good, pk: `${good.pk}=` }, {}],
    [{ ...good, pk: undefined }, {}],
    [{ ...good, nonce: good.nonce.slice(2) }, {}],
    [{ ...good, instance: 'a b' }, {}],
    [{ ...good, iat: String(good.iat) }, {}],
  ] as const) {
    await assert.rejects(verifyDeliveryRequest(await sign(payload, header), expected), refused);
  }
});
