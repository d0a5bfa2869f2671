import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { renewalMoment } from './renewal-moment.ts';

const dayMs = 86_400_000;
const notBefore = Date.UTC(2026, 0, 15);
const base = { notBefore, notAfter: notBefore + 365 * dayMs, fingerprintSha256: 'ab', random: Math.random };

function windowAt(start: number, end: number) {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}

test('the moment lies in the window of the server', () => {
  fc.assert(
    fc.property(
      fc.nat(300 * dayMs),
      fc.nat(dayMs),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (at, width, chance) => {
        const [start, end] = [notBefore + at, notBefore + at + width];
        const window = windowAt(start, end);
        const moment = renewalMoment({ ...base, window, renewBeforeDays: undefined, random: () => chance });
        assert.ok(moment >= start && moment <= end);
      },
    ),
  );
});

test('renewBeforeDays makes it earlier, never later, and is no wave', () => {
  const late = windowAt(base.notAfter - 10 * dayMs, base.notAfter - 9 * dayMs);
  const early = windowAt(base.notAfter - 200 * dayMs, base.notAfter - 199 * dayMs);
  const perDay = new Map<number, number>();
  for (let i = 0; i < 10_000; i++) {
    const fingerprintSha256 = createHash('sha256').update(`${i}`).digest('hex');
    const options = { ...base, fingerprintSha256, renewBeforeDays: 30 };
    const moment = renewalMoment({ ...options, window: late });
    assert.ok(moment >= base.notAfter - 30 * dayMs && moment <= base.notAfter - 9 * dayMs);
    assert.ok(renewalMoment({ ...options, window: early }) <= base.notAfter - 199 * dayMs);
    const day = Math.floor((moment - base.notAfter + 30 * dayMs) / dayMs);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
  }
  assert.ok(Math.max(...perDay.values()) <= 1.2 * (10_000 / 20));
});

test('without a word from the server it is in the last third of the life, with a reserve', () => {
  const moment = renewalMoment({ ...base, window: undefined, renewBeforeDays: undefined });
  assert.ok(moment >= notBefore + (365 * dayMs * 2) / 3 && moment <= base.notAfter - (365 * dayMs) / 9);
});

test('a short-lived certificate is not renewed at once because of renewBeforeDays', () => {
  const notAfter = notBefore + dayMs;
  const moment = renewalMoment({ ...base, notAfter, window: undefined, renewBeforeDays: 30 });
  assert.ok(moment >= notBefore + (dayMs * 2) / 3 - 1);
});
