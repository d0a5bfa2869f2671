import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import {
  type DeliveryBinding,
  deriveKek,
  generateDeliveryKey,
  KekError,
  type KekKem,
  kekKems,
  openDelivery,
  sealDelivery,
} from '../src/index.ts';
import { makeKek } from './support/kek-scene.ts';

const identity = { line: 'themis-main', version: 3, kem: 'X25519' } as const;
const policy = { epoch: 4, state: 'PRIMARY', grants: ['read', 'write'], compromised: false };
const refused = (error: unknown): boolean => error instanceof KekError && error.code === 'badDelivery';

let kek: Awaited<ReturnType<typeof makeKek>>;
before(async () => {
  kek = await makeKek(identity);
});

async function receiver(kem: KekKem) {
  const { publicKey, privateKey } = await generateDeliveryKey(kem);
  const binding: DeliveryBinding = {
    ...{ kekId: 'kek_123', kem, publicKey },
    kekCertificate: kek.certificate,
    clientCertificate: Uint8Array.of(1, 2, 3),
    nonce: new Uint8Array(randomBytes(32)),
  };
  return { binding, privateKey };
}

test('what is sealed to an ephemeral key opens there and gives the certified KEK, for every mechanism', async () => {
  const { root } = await deriveKek(kek.seed, identity);
  for (const kem of kekKems) {
    const { binding, privateKey } = await receiver(kem);
    const sealed = await sealDelivery(binding, { seed: kek.seed, policy });
    // The order of members is not what is authenticated.
    const reordered = Object.fromEntries(Object.entries(policy).reverse());
    const opened = await openDelivery(binding, { ...sealed, policy: reordered, privateKey });
    assert.deepEqual(opened.root, root);
    assert.equal(opened.facts.line, 'themis-main');
    assert.equal(sealed.ciphertext.length, 48);
  }
});

test('a delivery opens for nothing else than it was made for', async () => {
  const { binding, privateKey } = await receiver('X25519');
  const sealed = await sealDelivery(binding, { seed: kek.seed, policy });
  const open = (other: Partial<DeliveryBinding>, change: object = {}) =>
    openDelivery({ ...binding, ...other }, { ...sealed, policy, privateKey, ...change });
  await open({});
  const another = await receiver('X25519');
  const flip = (octets: Uint8Array): Uint8Array => octets.with(0, (octets[0] ?? 0) ^ 1);
  await assert.rejects(open({ kekId: 'kek_124' }), refused, 'another id');
  await assert.rejects(open({ kekCertificate: (await makeKek(identity)).certificate }), refused, 'another certificate');
  await assert.rejects(open({ clientCertificate: Uint8Array.of(1, 2, 4) }), refused, 'another client');
  await assert.rejects(open({ publicKey: another.binding.publicKey }), refused, 'another ephemeral key');
  await assert.rejects(open({ nonce: another.binding.nonce }), refused, 'another nonce');
  await assert.rejects(open({}, { privateKey: another.privateKey }), refused, 'another private key');
  await assert.rejects(open({}, { policy: { ...policy, state: 'ENABLED' } }), refused, 'another policy');
  await assert.rejects(open({}, { ciphertext: flip(sealed.ciphertext) }), refused, 'another ciphertext');
  await assert.rejects(open({}, { enc: flip(sealed.enc) }), refused, 'another encapsulation');
});

test('a secret that is not the certified one is refused, however well it was sealed', async () => {
  const { binding, privateKey } = await receiver('X25519');
  const planted = await sealDelivery(binding, { seed: new Uint8Array(randomBytes(32)), policy });
  await assert.rejects(openDelivery(binding, { ...planted, policy, privateKey }), refused);
  const short = await sealDelivery(binding, { seed: new Uint8Array(31), policy });
  await assert.rejects(openDelivery(binding, { ...short, policy, privateKey }), refused);
});

test('nothing is sealed to what is no public key', async () => {
  const bad = (error: unknown): boolean => error instanceof KekError && error.code === 'badPublicKey';
  for (const kem of kekKems) {
    const { binding } = await receiver(kem);
    const seal = (publicKey: Uint8Array) => sealDelivery({ ...binding, publicKey }, { seed: kek.seed, policy });
    await assert.rejects(seal(binding.publicKey.subarray(1)), bad, `${kem}: too short`);
    if (kem !== 'X-Wing') await assert.rejects(seal(new Uint8Array(binding.publicKey.length)), bad, `${kem}: zero`);
  }
});
