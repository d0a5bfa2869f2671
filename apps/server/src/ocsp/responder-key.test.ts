import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSoftwareSigner, generateKey } from '@vcc-pki/signer';
import { type ResponderCredential, ResponderKey } from './responder-key.ts';

const dayMs = 86_400_000;

async function startAt(now: number) {
  const clock = { time: now, now: () => clock.time };
  const signer = createSoftwareSigner(await generateKey('P-256'));
  const made: ResponderCredential[] = [];
  const failures: unknown[] = [];
  const state = { error: undefined as Error | undefined };
  const key = new ResponderKey({
    clock,
    make: async () => {
      if (state.error !== undefined) throw state.error;
      return {
        signer,
        certificate: Uint8Array.of(made.length),
        keyHash: new Uint8Array(20),
        notBefore: clock.time,
        notAfter: clock.time + 7 * dayMs,
      };
    },
    onRenewed: (credential) => made.push(credential),
    onFailure: (error) => failures.push(error),
  });
  return { key, clock, made, failures, state };
}

test('one is made at the first need and used until it is due', async () => {
  const { key, clock, made } = await startAt(0);
  const first = await key.current();
  clock.time = 2 * dayMs;
  assert.equal(await key.current(), first);
  await key.renewIfDue();
  assert.equal(made.length, 1);
});

test('before half of its life is over the next is made, while the present one goes on', async () => {
  const { key, clock, made } = await startAt(0);
  const first = await key.current();
  clock.time = 3 * dayMs;
  assert.equal(await key.current(), first);
  await key.renewIfDue();
  assert.equal(made.length, 2);
  assert.equal(await key.current(), made[1]);
});

test('all who need one at the same time share it', async () => {
  const { key, made } = await startAt(0);
  const [one, two] = await Promise.all([key.current(), key.current(), key.renewIfDue()]);
  assert.equal(one, two);
  assert.equal(made.length, 1);
});

test('when making one fails, the present one is used to its end and not a millisecond longer', async () => {
  const { key, clock, made, failures, state } = await startAt(0);
  const first = await key.current();
  state.error = new Error('the CA key cannot sign');
  clock.time = 7 * dayMs - 1;
  assert.equal(await key.current(), first);
  await key.renewIfDue();
  assert.equal(failures.length, 1);
  clock.time = 7 * dayMs;
  await assert.rejects(key.current(), state.error);
  state.error = undefined;
  clock.time += 10_000;
  assert.equal(await key.current(), made[1]);
});

test('after a failure it is not tried again for ten seconds, however many ask', async () => {
  const { key, clock, failures, state } = await startAt(0);
  state.error = new Error('no');
  for (let i = 0; i < 5; i += 1) await assert.rejects(key.current(), state.error);
  assert.equal(failures.length, 1);
  clock.time = 10_000;
  await assert.rejects(key.current(), state.error);
  assert.equal(failures.length, 2);
});
