import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SignatureTriple, VerifiedSignatures } from './verified-signatures.ts';

const triple: SignatureTriple = {
  algorithm: 'ecdsa-with-SHA256',
  publicKey: Uint8Array.of(0x30, 0),
  data: Uint8Array.of(0x30, 1, 1),
  signature: Uint8Array.of(7),
};

/** Says what it is told to say, and counts how often it is asked. */
function verifier(valid: boolean) {
  const calls = { count: 0 };
  const verify = async (): Promise<boolean> => {
    calls.count++;
    return valid;
  };
  return { calls, verify };
}

test('a good signature is verified once, a bad one each time', async () => {
  for (const [valid, count] of [
    [true, 1],
    [false, 3],
  ] as const) {
    const known = new VerifiedSignatures();
    const { calls, verify } = verifier(valid);
    for (let time = 0; time < 3; time++) assert.equal(await known.verify(triple, verify), valid);
    assert.equal(calls.count, count);
  }
});

test('whatever differs is verified by itself', async () => {
  const known = new VerifiedSignatures();
  const others: Partial<SignatureTriple>[] = [
    { algorithm: 'ecdsa-with-SHA384' },
    { publicKey: Uint8Array.of(0x30, 1, 2) },
    { data: Uint8Array.of(0x30, 1, 2) },
    { signature: Uint8Array.of(8) },
    { signature: new Uint8Array(0) },
  ];
  assert.ok(await known.verify(triple, verifier(true).verify));
  for (const other of others) {
    assert.equal(await known.verify({ ...triple, ...other }, verifier(false).verify), false, JSON.stringify(other));
  }
});

test('it holds no more than a thousand, the newest, and nothing big', async () => {
  const known = new VerifiedSignatures();
  const numbered = (n: number): SignatureTriple => ({ ...triple, signature: Uint8Array.of(n >> 8, n & 0xff) });
  for (let n = 0; n <= 1000; n++) await known.verify(numbered(n), verifier(true).verify);
  assert.equal(await known.verify(numbered(0), verifier(false).verify), false);
  assert.equal(await known.verify(numbered(1000), verifier(false).verify), true);
  const big = { ...triple, data: new Uint8Array(65_537) };
  assert.equal(await known.verify(big, verifier(true).verify), true);
  assert.equal(await known.verify(big, verifier(false).verify), false);
});
