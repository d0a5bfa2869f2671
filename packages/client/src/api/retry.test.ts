import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError, toProblem } from '@vcc-pki/api';
import { ClientError } from '../client-error.ts';
import { fullJitter, type RetryPolicy, withRetries } from './retry.ts';
import { ServerRefusal } from './server-refusal.ts';

const policy: RetryPolicy = { attempts: 3, baseMs: 1, capMs: 2, longestRetryAfterMs: 100 };

function refusal(code: ConstructorParameters<typeof PkiError>[0], retryAfter?: number): ServerRefusal {
  const problem = toProblem(new PkiError(code, 'refused'), 'id');
  return new ServerRefusal(problem, problem.status, retryAfter);
}

async function attemptsFor(error: Error): Promise<number> {
  let attempts = 0;
  const call = async (attempt: number): Promise<never> => {
    attempts = attempt;
    throw error;
  };
  await assert.rejects(withRetries(call, policy), error);
  return attempts;
}

test('what may go better is tried again, what is refused for good is not', async () => {
  assert.equal(await attemptsFor(new ClientError('cannotConnect', 'nobody')), 3);
  assert.equal(await attemptsFor(refusal('notReady')), 3);
  assert.equal(await attemptsFor(refusal('serverInternal')), 3);
  assert.equal(await attemptsFor(refusal('rateLimited', 0)), 3);
  assert.equal(await attemptsFor(refusal('forbidden')), 1);
  assert.equal(await attemptsFor(refusal('badCSR')), 1);
  assert.equal(await attemptsFor(new ClientError('notTrusted', 'a stranger')), 1);
});

test('Retry-After is obeyed, and left to the caller when it is long', async () => {
  assert.equal(await attemptsFor(refusal('rateLimited', 1)), 1);
  const begun = performance.now();
  await assert.rejects(
    withRetries(() => Promise.reject(refusal('notReady', 0.05)), policy),
    (error) => error instanceof ServerRefusal && error.retryAfterMs === 50,
  );
  // Timers of Node may be a millisecond early.
  assert.ok(performance.now() - begun >= 98);
});

test('the jitter is full: from nothing to twice as much each time, up to the cap', () => {
  const wide = { baseMs: 100, capMs: 1000 };
  assert.equal(
    fullJitter(0, wide, () => 0),
    0,
  );
  assert.equal(
    fullJitter(2, wide, () => 0.5),
    200,
  );
  assert.equal(
    fullJitter(50, wide, () => 0.999),
    999,
  );
});

test('an abort ends the wait between two attempts with its reason', async () => {
  const controller = new AbortController();
  const reason = new ClientError('closed', 'closed');
  const waiting = withRetries(() => Promise.reject(refusal('notReady', 0.09)), policy, { signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await assert.rejects(waiting, reason);
});
