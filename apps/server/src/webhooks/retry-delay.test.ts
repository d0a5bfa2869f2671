import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { retryDelay } from './retry-delay.ts';

const rules = { maxAttempts: 12, firstDelayMs: 10_000, maxDelayMs: 21_600_000 };

test('each wait is three times as long, up to the longest, and then it is given up', () => {
  const middle = (attempts: number) => retryDelay(attempts, rules, { random: () => 0.5 });
  assert.deepEqual([1, 2, 3, 8, 11, 12].map(middle), [10_000, 30_000, 90_000, 21_600_000, 21_600_000, undefined]);
});

test('property: never sooner than asked, and never later than the longest wait for the sake of the receiver', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 11 }),
      fc.nat(2_000_000_000),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, askedMs, chance) => {
        const random = () => chance;
        const own = retryDelay(attempts, rules, { random }) ?? 0;
        const delay = retryDelay(attempts, rules, { askedMs, random }) ?? 0;
        assert.equal(delay, Math.max(own, Math.min(askedMs, rules.maxDelayMs)));
      },
    ),
  );
});
