import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachePolicy } from './cache-policy.ts';

const hourMs = 3_600_000;

test('the defaults are those of the table, with offline mode off', () => {
  const policy = cachePolicy();
  assert.equal(policy.softTtlMs, 6 * hourMs);
  assert.equal(policy.hardTtlMs, 24 * hourMs);
  assert.equal(policy.offline.enabled, false);
  assert.equal(policy.hardTtlMs + policy.offline.encryptGraceMs, 48 * hourMs);
  assert.equal(policy.hardTtlMs + policy.offline.decryptGraceMs, 7 * 24 * hourMs);
});

test('no configuration goes beyond the bounds', () => {
  assert.throws(() => cachePolicy({ hardTtlMs: 24 * hourMs + 1 }), RangeError);
  assert.throws(() => cachePolicy({ offline: { encryptGraceMs: 24 * hourMs + 1 } }), RangeError);
  assert.throws(() => cachePolicy({ offline: { decryptGraceMs: 144 * hourMs + 1 } }), RangeError);
  assert.throws(() => cachePolicy({ offline: { crlGraceMs: Number.POSITIVE_INFINITY } }), RangeError);
  assert.throws(() => cachePolicy({ softTtlMs: 25 * hourMs }), RangeError);
  assert.throws(() => cachePolicy({ crlRefreshMs: 7 * hourMs }), RangeError);
  assert.equal(
    cachePolicy({ hardTtlMs: hourMs, softTtlMs: 1, offline: { encryptGraceMs: 47 * hourMs } }).hardTtlMs,
    hourMs,
  );
});
