import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterSeconds } from './retry-after.ts';

test('Retry-After is a number of seconds or a date', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  assert.equal(retryAfterSeconds('120', now), 120);
  assert.equal(retryAfterSeconds('Sat, 28 Nov 2026 12:01:00 GMT', now), 60);
  assert.equal(retryAfterSeconds('Sat, 28 Nov 2026 11:00:00 GMT', now), 0);
  for (const header of [undefined, '', 'soon', '-5', '1.5', '9'.repeat(10), ['1', '2']])
    assert.equal(retryAfterSeconds(header, now), undefined);
});
