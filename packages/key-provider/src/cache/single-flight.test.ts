import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualTime } from './manual-time.ts';
import { SingleFlight } from './single-flight.ts';
import { FlightTimeoutError } from './within.ts';

function flights(options: { fanOut?: number; timeoutMs?: number } = {}) {
  const time = new ManualTime(0);
  const flight = new SingleFlight<number>({
    fanOut: options.fanOut ?? 20,
    timeoutMs: options.timeoutMs ?? 10_000,
    after: (delayMs, run) => time.after(delayMs, run),
  });
  return { time, flight };
}

test('10,000 callers make exactly one request', async () => {
  const { flight, time } = flights();
  let requests = 0;
  const calls = Array.from({ length: 10_000 }, () =>
    flight.run('kek_1', async () => {
      requests += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return 7;
    }),
  );
  assert.deepEqual(new Set(await Promise.all(calls)), new Set([7]));
  assert.equal(requests, 1);
  assert.equal(flight.joins, 9_999);
  assert.equal(time.pending, 0);
});

test('what failed is tried anew by the next caller, and all who waited learn of it', async () => {
  const { flight } = flights();
  const failing = (): Promise<number> => flight.run('kek_1', () => Promise.reject(new TypeError('no')));
  const results = await Promise.allSettled([failing(), failing()]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await flight.run('kek_1', async () => 1), 1);
});

test('no more than the cap fly at the same time', async () => {
  const { flight } = flights({ fanOut: 3 });
  let flying = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      flight.run(`kek_${i}`, async () => {
        flying += 1;
        most = Math.max(most, flying);
        await new Promise((resolve) => setImmediate(resolve));
        flying -= 1;
        return i;
      }),
    ),
  );
  assert.equal(most, 3);
});

test('a flight ends at its timeout, not a millisecond before, and is told to stop', async () => {
  const { flight, time } = flights({ timeoutMs: 10_000 });
  let signal: AbortSignal | undefined;
  const outcomes: unknown[] = [];
  const flown = flight
    .run('kek_1', (given) => {
      signal = given;
      return new Promise(() => {});
    })
    .catch((error: unknown) => {
      outcomes.push(error);
    });
  await time.advance(9_999);
  assert.equal(outcomes.length, 0);
  await time.advance(1);
  await flown;
  assert.ok(outcomes[0] instanceof FlightTimeoutError);
  assert.equal(signal?.aborted, true);
});

test('after a change nobody joins what was asked before it', async () => {
  const { flight } = flights();
  const before = flight.run('kek_1', () => new Promise((resolve) => setImmediate(() => resolve(1))));
  flight.forget('kek_1');
  assert.equal(await flight.run('kek_1', async () => 2), 2);
  assert.equal(await before, 1);
});
