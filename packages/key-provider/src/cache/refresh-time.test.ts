import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachePolicy } from './cache-policy.ts';
import { refreshAfter } from './refresh-time.ts';

const policy = cachePolicy();
const hourMs = 3_600_000;

test('a fleet refreshes within 6 h give or take a tenth', () => {
  const at = (instanceShare: number): number =>
    refreshAfter({ policy, fetchMs: 100, instanceShare, random: () => 0 }) / hourMs;
  assert.deepEqual(
    [at(0), at(0.5), at(1)].map((hours) => Math.round(hours * 10) / 10),
    [5.4, 6, 6.6],
  );
});

test('XFetch: what takes long to fetch is begun early, on average by one fetch', () => {
  const draws = 20_000;
  let earlyMs = 0;
  for (let i = 0; i < draws; i += 1) {
    earlyMs += 6 * hourMs - refreshAfter({ policy, fetchMs: 400, instanceShare: 0.5, random: () => (i + 0.5) / draws });
  }
  assert.ok(Math.abs(earlyMs / draws - 400) < 1, `${earlyMs / draws}`);
});

test('never before now, however long a fetch takes', () => {
  assert.equal(refreshAfter({ policy, fetchMs: 1e9, instanceShare: 0.5, random: () => 0.999 }), 0);
});
