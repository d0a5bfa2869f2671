import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveKek, type KekIdentity, kekKems, parseKekPublicKey } from '../src/index.ts';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('the keys of a seed never change: what was encrypted must stay readable', async () => {
  // The root of this seed was computed by another program (Python's hmac).
  const expected = {
    X25519: '302a300506032b656e0321004fc30255be17e3ee71d9ad5ce1839dcbbe8081872dff198a9ea931db045b5559',
    'P-256':
      '3059301306072a8648ce3d020106082a8648ce3d030107034200040bf63d37bc49c3f39c7449af839382e0b86327598e7b9daac9ecf920470e95f96bfd69f20141d9b3faf12844301ee2c5590fbc0d6f2c9db1f339381c5ee7fbdd',
  };
  for (const kem of ['X25519', 'P-256'] as const) {
    const { root, kexPublicKey } = await deriveKek(seed, { line: 'themis-main', version: 3, kem });
    assert.equal(hex(root), 'bc695369d98aee7ba6c21669e6d51bb8c5d33c814af846bee0d71ceb304a52a8');
    assert.equal(hex(kexPublicKey), expected[kem]);
  }
});

test('every mechanism gives a key of its kind, the same each time', async () => {
  for (const kem of kekKems) {
    const identity = { line: 'themis-main', version: 3, kem };
    const [one, other] = await Promise.all([deriveKek(seed, identity), deriveKek(seed, identity)]);
    assert.deepEqual(one.kexPublicKey, other.kexPublicKey);
    assert.deepEqual(one.root, other.root);
    assert.equal(parseKekPublicKey(one.kexPublicKey).kem, kem);
  }
});

test('seed, line and version each make another key', async () => {
  const base: KekIdentity = { line: 'themis-main', version: 3, kem: 'X25519' };
  const otherSeed = seed.with(31, 0);
  const made = await Promise.all([
    deriveKek(seed, base),
    deriveKek(otherSeed, base),
    deriveKek(seed, { ...base, line: 'themis-mai' }),
    deriveKek(seed, { ...base, version: 4 }),
  ]);
  assert.equal(new Set(made.flatMap(({ root, kexPublicKey }) => [hex(root), hex(kexPublicKey)])).size, 8);
});

test('seeds and versions out of bounds are refused', async () => {
  const identity: KekIdentity = { line: 'a', version: 1, kem: 'X25519' };
  await assert.rejects(deriveKek(seed.subarray(1), identity), RangeError);
  for (const version of [0, 2 ** 32, 1.5]) await assert.rejects(deriveKek(seed, { ...identity, version }), RangeError);
});
