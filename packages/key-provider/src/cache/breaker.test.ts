import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Breaker } from './breaker.ts';

function breaker(random = 1) {
  const time = { nowMs: 0 };
  return { time, breaker: new Breaker({ monotonic: () => time.nowMs, random: () => random }) };
}

test('waits up to 0.2 s after the first failure, doubling to 30 s', () => {
  const { time, breaker: one } = breaker();
  const waits: number[] = [];
  for (let failure = 0; failure < 10; failure += 1) {
    time.nowMs += one.waitMs;
    assert.equal(one.tryEnter(), true);
    one.failed();
    waits.push(one.waitMs);
  }
  assert.deepEqual(waits, [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
});

test('full jitter: anything from nothing to the bound', () => {
  assert.equal(failedOnce(0), 0);
  assert.equal(failedOnce(0.25), 50);

  function failedOnce(random: number): number {
    const { breaker: one } = breaker(random);
    one.tryEnter();
    one.failed();
    return one.waitMs;
  }
});

test('half open: one probe, and its success lets all ask again', () => {
  const { time, breaker: one } = breaker();
  one.tryEnter();
  one.failed();
  time.nowMs = 199;
  assert.equal(one.state, 'open');
  assert.equal(one.tryEnter(), false);
  time.nowMs = 200;
  assert.equal(one.state, 'halfOpen');
  assert.deepEqual([one.tryEnter(), one.tryEnter()], [true, false]);
  one.succeeded();
  assert.equal(one.state, 'closed');
  assert.deepEqual([one.tryEnter(), one.tryEnter()], [true, true]);
});
