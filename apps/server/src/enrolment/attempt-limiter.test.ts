import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { AttemptLimiter } from './attempt-limiter.ts';

function setUp(limits: { refusalsPerAddress: number; attempts: number }) {
  const time = { now: Date.UTC(2026, 10, 28) };
  const limiter = new AttemptLimiter({ now: () => time.now }, limits);
  const isAllowed = (address: string): boolean => {
    try {
      limiter.attempt(address);
      return true;
    } catch (error) {
      assert.ok(error instanceof PkiError && error.code === 'rateLimited');
      assert.ok(Number(error.extra['retryAfterSeconds']) >= 1);
      return false;
    }
  };
  return { limiter, time, isAllowed };
}

test('who is refused too often waits; others, and who is never refused, do not', () => {
  const { limiter, time, isAllowed } = setUp({ refusalsPerAddress: 3, attempts: 1_000_000 });
  for (let n = 0; n < 3; n++) {
    assert.ok(isAllowed('192.0.2.1'));
    limiter.refused('192.0.2.1');
  }
  assert.ok(!isAllowed('192.0.2.1'));
  for (let n = 0; n < 100; n++) assert.ok(isAllowed('192.0.2.2'));
  time.now += 20_000;
  assert.ok(isAllowed('192.0.2.1'));
  limiter.refused('192.0.2.1');
  assert.ok(!isAllowed('192.0.2.1'));
});

test('an IPv6 address counts by its network, and a mapped one by the IPv4 address in it', () => {
  const { limiter, isAllowed } = setUp({ refusalsPerAddress: 1, attempts: 1_000_000 });
  limiter.refused('2001:db8:1:2::1');
  assert.ok(!isAllowed('2001:db8:1:2:ffff::9'));
  assert.ok(isAllowed('2001:db8:1:3::1'));
  limiter.refused('::ffff:192.0.2.7');
  assert.ok(!isAllowed('192.0.2.7'));
  assert.ok(isAllowed('192.0.2.8'));
});

test('all attempts together are limited', () => {
  const { time, isAllowed } = setUp({ refusalsPerAddress: 1, attempts: 10 });
  for (let n = 0; n < 10; n++) assert.ok(isAllowed(`192.0.2.${n}`));
  assert.ok(!isAllowed('192.0.2.99'));
  time.now += 6_000;
  assert.ok(isAllowed('192.0.2.99'));
  assert.ok(!isAllowed('192.0.2.99'));
});

test('a clock that is put back makes nobody wait for hours', () => {
  const { limiter, time, isAllowed } = setUp({ refusalsPerAddress: 1, attempts: 1 });
  limiter.refused('192.0.2.1');
  isAllowed('192.0.2.2');
  time.now -= 5 * 3_600_000;
  assert.ok(isAllowed('192.0.2.1'));
});
