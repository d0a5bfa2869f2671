import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { DeliveryGate } from './delivery-gate.ts';

const limits = { concurrent: 2, waiting: 3, nonceMs: 1_000 };
const refusedWith = (code: string) => (error: unknown) => error instanceof PkiError && error.code === code;

test('so many run at a time, the others in their order, and who is too many is sent away', async () => {
  const gate = new DeliveryGate({ now: () => 0 }, limits);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const runs = [0, 1, 2, 3, 4].map((n) =>
    gate.run(() => {
      begun.push(n);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await assert.rejects(
    gate.run(async () => undefined),
    refusedWith('rateLimited'),
  );
  assert.deepEqual(begun, [0, 1]);
  for (let n = 0; n < runs.length; n += 1) {
    ends[n]?.();
    await runs[n];
  }
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  assert.equal(await gate.run(async () => 'free'), 'free');
});

test('work that fails gives its place back', async () => {
  const gate = new DeliveryGate({ now: () => 0 }, { ...limits, concurrent: 1, waiting: 0 });
  const fails = gate.run(async () => {
    throw new RangeError('no');
  });
  await assert.rejects(fails, RangeError);
  assert.equal(await gate.run(async () => 1), 1);
});

test('a nonce of a client is taken once, until a request with it would be too old anyway', () => {
  let now = 0;
  const gate = new DeliveryGate({ now: () => now }, limits);
  const nonce = new Uint8Array(32).fill(1);
  gate.takeNonce('a', nonce);
  gate.takeNonce('b', nonce);
  gate.takeNonce('a', nonce.with(0, 2));
  assert.throws(() => gate.takeNonce('a', nonce), refusedWith('badKekRequest'));
  now = 1_000;
  gate.takeNonce('c', nonce);
  gate.takeNonce('a', nonce);
});
