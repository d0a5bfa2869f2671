import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { XWing } from '@hpke/hybridkem-x-wing';
import { hasNativeMlKem, NativeXWing } from '../src/native-x-wing.ts';

const skip = hasNativeMlKem() ? false : 'SKIPPED: the OpenSSL of this Node has no ML-KEM-768';
const [native, script] = [new NativeXWing(), new XWing()];
const bytes = (octets: ArrayBuffer): Buffer => Buffer.from(octets);

test('X-Wing by OpenSSL and by JavaScript: the same keys, and each opens what the other encapsulated', {
  skip,
}, async () => {
  for (let round = 0; round < 20; round += 1) {
    const material = randomBytes(32);
    const [ours, theirs] = [await native.deriveKeyPair(material), await script.deriveKeyPair(material)];
    const publicKey = bytes(await native.serializePublicKey(ours.publicKey));
    assert.deepEqual(publicKey, bytes(await script.serializePublicKey(theirs.publicKey)));
    assert.deepEqual(
      bytes(await native.serializePrivateKey(ours.privateKey)),
      bytes(await script.serializePrivateKey(theirs.privateKey)),
    );
    for (const [sender, receiver] of [
      [native, script],
      [script, native],
      [native, native],
    ] as const) {
      const { sharedSecret, enc } = await sender.encap({ recipientPublicKey: ours.publicKey });
      const opened = await receiver.decap({ recipientKey: ours.privateKey, enc });
      assert.deepEqual(bytes(opened), bytes(sharedSecret));
      // ML-KEM rejects implicitly (FIPS 203 s6.3): a damaged ciphertext gives another secret, the same one by both.
      const damaged = bytes(enc);
      damaged[round * 50] = damaged[round * 50]! ^ 1;
      const [one, other] = [
        await native.decap({ recipientKey: ours.privateKey, enc: damaged }),
        await script.decap({ recipientKey: ours.privateKey, enc: damaged }),
      ];
      assert.deepEqual(bytes(one), bytes(other));
      assert.notDeepEqual(bytes(one), bytes(sharedSecret));
    }
  }
});

test('X-Wing by OpenSSL: given randomness gives the same as by JavaScript', { skip }, async () => {
  const { publicKey, privateKey } = await native.generateKeyPair();
  const ekm = randomBytes(64);
  const [ours, theirs] = [
    await native.encap({ recipientPublicKey: publicKey, ekm }),
    await script.encap({ recipientPublicKey: publicKey, ekm }),
  ];
  assert.deepEqual(bytes(ours.enc), bytes(theirs.enc));
  assert.deepEqual(
    bytes(await native.decap({ recipientKey: { publicKey, privateKey }, enc: ours.enc })),
    bytes(theirs.sharedSecret),
  );
});

test('X-Wing by OpenSSL: what is no public key and no encapsulation is refused', { skip }, async () => {
  const { publicKey, privateKey } = await native.generateKeyPair();
  const octets = bytes(await native.serializePublicKey(publicKey));
  // Coefficients beyond the modulus (FIPS 203 s7.2), and the point of order one.
  for (const bad of [Buffer.from(octets).fill(0xff, 0, 1184), Buffer.from(octets).fill(0, 1184)]) {
    const recipientPublicKey = await native.deserializePublicKey(bad);
    await assert.rejects(native.encap({ recipientPublicKey }), { name: 'EncapError' });
  }
  const { enc } = await native.encap({ recipientPublicKey: publicKey });
  for (const bad of [enc.slice(1), new ArrayBuffer(0), bytes(enc).fill(0, 1088)]) {
    await assert.rejects(native.decap({ recipientKey: privateKey, enc: bad }), { name: 'DecapError' });
  }
});
