import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, toHex } from '@vcc-pki/asn1';
import { hpkeSuite } from '../src/index.ts';

const buffer = (hex: string): ArrayBuffer => new Uint8Array(fromHex(hex)).buffer;
const hex = (octets: ArrayBuffer): string => toHex(new Uint8Array(octets));

test('RFC 9180 A.3.1: key pairs and decapsulation of DHKEM(P-256, HKDF-SHA256)', async () => {
  const { kem } = hpkeSuite('P-256');
  const pair = await kem.deriveKeyPair(buffer('668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550'));
  assert.equal(
    hex(await kem.serializePrivateKey(pair.privateKey)),
    'f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2',
  );
  assert.equal(
    hex(await kem.serializePublicKey(pair.publicKey)),
    '04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0',
  );
  const enc = buffer(
    '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
  );
  const sharedSecret = await kem.decap({ recipientKey: pair, enc });
  assert.equal(hex(sharedSecret), 'c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8');
});

/** Inputs that everybody draws alike: a stream of SHAKE128 of nothing; an octet tells how many follow. */
function drawer(): () => Uint8Array {
  const stream = createHash('shake128', { outputLength: 1_000_000 }).digest();
  let at = 0;
  return () => {
    const length = stream[at] ?? 0;
    at += 1 + length;
    return new Uint8Array(stream.subarray(at - length, at));
  };
}

/**
 * The vectors that belong to RFC 9180 (test-vectors.json: base mode, kem 0x0010, kdf 0x0001, aead 0x0002), and what a
 * thousand encryptions under them come to in the tests of Go's crypto/hpke (testdata/rfc9180.json).
 */
test('RFC 9180: a thousand encryptions with P-256, HKDF-SHA256 and AES-256-GCM', async () => {
  const suite = hpkeSuite('P-256');
  const info = buffer('4f6465206f6e2061204772656369616e2055726e');
  const recipient = await suite.kem.deriveKeyPair(
    buffer('a0ce15d49e28bd47a18a97e147582d814b08cbe00109fed5ec27d1b4e9f6f5e3'),
  );
  const ekm = await suite.kem.deriveKeyPair(buffer('a90d3417c3da9cb6c6ae19b4b5dd6cc9529a4cc24efb7ae0ace1f31887a8cd6c'));
  const sender = await suite.createSenderContext({ recipientPublicKey: recipient.publicKey, info, ekm });
  assert.equal(
    hex(sender.enc),
    '04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0',
  );
  const receiver = await suite.createRecipientContext({ recipientKey: recipient, enc: sender.enc, info });

  const sealed = createHash('shake128', { outputLength: 16 });
  for (let i = 0, draw = drawer(); i < 1000; i++) {
    const [aad, plaintext] = [draw(), draw()];
    const ciphertext = await sender.seal(plaintext, aad);
    sealed.update(new Uint8Array(ciphertext));
    assert.equal(hex(await receiver.open(ciphertext, aad)), toHex(plaintext));
  }
  assert.equal(sealed.digest('hex'), '8d3263541fc1695b6e88ff3a1208577c');
});
