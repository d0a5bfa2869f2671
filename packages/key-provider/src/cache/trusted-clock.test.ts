import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualTime } from './manual-time.ts';
import { TrustedClock } from './trusted-clock.ts';

const startMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;

test('setting the wall clock back makes nothing younger and no limit later', () => {
  const time = new ManualTime(startMs);
  const clock = new TrustedClock(time);
  const since = clock.moment();
  time.pass(5 * hourMs);
  time.jump(-10 * hourMs);
  assert.equal(clock.now(), startMs + 5 * hourMs);
  assert.equal(clock.age(since), 5 * hourMs);
});

test('a monotonic clock that stood still in a sleep counts no less than the wall clock', () => {
  const time = new ManualTime(startMs);
  const clock = new TrustedClock(time);
  const since = clock.moment();
  time.jump(25 * hourMs);
  assert.equal(clock.age(since), 25 * hourMs);
  assert.equal(clock.now(), startMs + 25 * hourMs);
});

test('a wall clock that was ahead by mistake and is set right leaves the true age', () => {
  const time = new ManualTime(startMs);
  const clock = new TrustedClock(time);
  time.jump(100 * hourMs);
  const since = clock.moment();
  time.jump(-100 * hourMs);
  time.pass(3 * hourMs);
  assert.equal(clock.age(since), 3 * hourMs);
  assert.equal(clock.now(), startMs + 3 * hourMs);
});

test('a jump is told once, slewing is not one, and a trusted server sets the anchor anew', () => {
  const time = new ManualTime(startMs);
  const clock = new TrustedClock(time);
  time.jump(1_500);
  assert.equal(clock.takeJump(), 0);
  time.jump(hourMs);
  assert.equal(clock.takeJump(), hourMs + 1_500);
  assert.equal(clock.takeJump(), 0);
  time.jump(-2 * hourMs);
  assert.equal(clock.takeJump(), -2 * hourMs);
  clock.trustWallClock();
  assert.equal(clock.now(), time.now());
  assert.equal(clock.takeJump(), 0);
});
