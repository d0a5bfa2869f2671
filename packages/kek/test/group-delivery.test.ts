import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { test } from 'node:test';
import {
  type GroupDeliveryBinding,
  type GroupDeliveryRequest,
  generateDeliveryKey,
  groupKeyId,
  KekError,
  kekKems,
  openGroupDelivery,
  sealGroupDelivery,
  signDeliveryRequest,
  signGroupDeliveryRequest,
  verifyDeliveryRequest,
  verifyGroupDeliveryRequest,
} from '../src/index.ts';
import { makeService, now } from './support/kek-scene.ts';

const name = { line: 'themis-main', tenant: 'acme', group: 'doctors', epoch: 2 };
const policy = { mode: 'sealed', current_epoch: 3 };
const pki = makeService(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const refusedWith = (code: string) => (error: unknown) => error instanceof KekError && error.code === code;
const refused = refusedWith('badDelivery');

function signer(key: KeyObject) {
  return async (octets: Uint8Array) => new Uint8Array(sign('sha256', octets, key));
}

async function receiver(kem: (typeof kekKems)[number] = 'X25519') {
  const { publicKey, privateKey } = await generateDeliveryKey(kem);
  const binding: GroupDeliveryBinding = {
    ...{ ...name, kem, publicKey },
    clientCertificate: Uint8Array.of(1, 2, 3),
    nonce: new Uint8Array(randomBytes(32)),
  };
  return { binding, privateKey };
}

test("a group's key opens for the receiver alone, for every mechanism", async () => {
  for (const kem of kekKems) {
    const key = new Uint8Array(randomBytes(32));
    const { binding, privateKey } = await receiver(kem);
    const sealed = await sealGroupDelivery(binding, { key, policy, sign: signer(pki.privateKey) });
    const delivery = { ...sealed, policy, signer: pki.certificate };
    assert.deepEqual(await openGroupDelivery(binding, { ...delivery, privateKey }), key);
    const other = await generateDeliveryKey(kem);
    await assert.rejects(openGroupDelivery(binding, { ...delivery, privateKey: other.privateKey }), refused);
  }
});

test('it opens for nothing else than it was made for, and nobody but the PKI can make one', async () => {
  const key = new Uint8Array(randomBytes(32));
  const { binding, privateKey } = await receiver();
  const sealed = await sealGroupDelivery(binding, { key, policy, sign: signer(pki.privateKey) });
  const open = (other: Partial<GroupDeliveryBinding>, change: object = {}) =>
    openGroupDelivery({ ...binding, ...other }, { ...sealed, policy, privateKey, signer: pki.certificate, ...change });
  await open({});
  const flip = (octets: Uint8Array): Uint8Array => octets.with(0, (octets[0] ?? 0) ^ 1);
  for (const other of [
    ...[{ line: 'themis-mai' }, { tenant: 'acm' }, { group: 'nurses' }, { epoch: 3 }, { kem: 'P-256' } as const],
    ...[{ clientCertificate: Uint8Array.of(1, 2, 4) }, { nonce: flip(binding.nonce) }],
    { publicKey: flip(binding.publicKey) },
  ]) {
    await assert.rejects(open(other), refused, JSON.stringify(other));
  }
  const { enc, ciphertext, signature } = sealed;
  for (const change of [
    ...[{ enc: flip(enc) }, { ciphertext: flip(ciphertext) }, { signature: flip(signature) }],
    { policy: { ...policy, current_epoch: 4 } },
  ]) {
    await assert.rejects(open({}, change), refused);
  }
  // Somebody in between knows all that is sealed for, and can seal a key of his own; sign it he cannot.
  const stranger = makeService(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const planted = await sealGroupDelivery(binding, {
    key: new Uint8Array(32),
    policy,
    sign: signer(stranger.privateKey),
  });
  await assert.rejects(open({}, planted), refused);
});

test('a request for one key is none for another, nor for a KEK', async () => {
  const service = makeService(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const { publicKey } = await generateDeliveryKey('X25519');
  const ask = { kem: 'X25519', publicKey, nonce: new Uint8Array(randomBytes(32)), instance: 'themis-0' } as const;
  const request: GroupDeliveryRequest = { ...name, ...ask };
  const jws = await signGroupDeliveryRequest(request, { ...service, now });
  const expected = { ...name, certificate: service.certificate, now };
  assert.deepEqual(await verifyGroupDeliveryRequest(jws, expected), { ...request, issuedAt: now });
  for (const other of [{ line: 'other' }, { tenant: 'other' }, { group: 'other' }, { epoch: 1 }]) {
    await assert.rejects(verifyGroupDeliveryRequest(jws, { ...expected, ...other }), refusedWith('badRequest'));
  }
  await assert.rejects(verifyDeliveryRequest(jws, { ...expected, kekId: 'kek_1' }), refusedWith('badRequest'));
  const forKek = await signDeliveryRequest({ kekId: 'kek_1', ...ask }, { ...service, now });
  await assert.rejects(verifyGroupDeliveryRequest(forKek, expected), refusedWith('badRequest'));
});

test('the name of a key is the same each time, and tells one key from another', () => {
  const key = new Uint8Array(32).fill(7);
  assert.match(groupKeyId(key), /^[0-9a-f]{32}$/);
  assert.equal(groupKeyId(key), groupKeyId(Uint8Array.from(key)));
  assert.notEqual(groupKeyId(key), groupKeyId(new Uint8Array(32).fill(8)));
});
