import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualTime } from '../cache/manual-time.ts';
import { Throttle } from './throttle.ts';

test('lets the configured rate pass, with a quarter of a second saved up at most', () => {
  const time = new ManualTime(0);
  const throttle = new Throttle({ time, rowsPerSecond: 1_000, maxP99Ms: 100 });
  time.pass(60_000);
  assert.equal(throttle.take(250), 0);
  assert.equal(throttle.take(100), 100);
  time.pass(100);
  assert.equal(throttle.take(500), 500);
});

test('halves while 1 of 100 operations is slow, recovers by a tenth a time, and never stops', () => {
  const time = new ManualTime(0);
  const throttle = new Throttle({ time, rowsPerSecond: 1_000, maxP99Ms: 100 });
  const adjustAfter = (durationMs: number): number => {
    for (let i = 0; i < 200; i += 1) throttle.observe(i < 197 ? 1 : durationMs);
    throttle.adjust();
    return throttle.rate;
  };
  assert.equal(adjustAfter(99), 1_000);
  assert.equal(adjustAfter(101), 500);
  assert.equal(adjustAfter(101), 250);
  assert.equal(adjustAfter(1), 275);
  for (let i = 0; i < 20; i += 1) adjustAfter(1_000);
  assert.equal(throttle.rate, 10);
  for (let i = 0; i < 100; i += 1) adjustAfter(1);
  assert.equal(throttle.rate, 1_000);
});
