import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CrlTimes, dueAt, gapMs, intervalMs, retryAfterMs } from './crl-schedule.ts';

const hourMs = 3_600_000;
const times: CrlTimes = {
  validityMs: 24 * hourMs,
  updateIntervalMs: 6 * hourMs,
  backdateMs: 60_000,
  fullMinGapMs: 1000,
};
const made = Date.UTC(2026, 0, 1);
const crlOf = (scope: string, number = 1) => ({ issuerId: 'aa', scope, number, thisUpdate: made - 60_000 });

test('the interval is the configured one, and half of the life at most', () => {
  assert.equal(intervalMs(times), 6 * hourMs);
  assert.equal(intervalMs({ ...times, updateIntervalMs: 20 * hourMs }), 12 * hourMs);
});

test('a CRL is due in the second half of its interval, evenly spread over shards and numbers, and always the same', () => {
  const due = Array.from({ length: 1000 }, (_, shard) => dueAt(crlOf(String(shard)), times));
  assert.ok(due.every((time) => time >= made + 3 * hourMs && time <= made + 6 * hourMs));
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const from = made + 3 * hourMs + tenth * 0.3 * hourMs;
    const count = due.filter((time) => time >= from && time < from + 0.3 * hourMs).length;
    assert.ok(count > 60 && count < 140, `${tenth}: ${count}`);
  }
  assert.equal(dueAt(crlOf('7'), times), dueAt(crlOf('7'), times));
  assert.notEqual(dueAt(crlOf('7', 1), times), dueAt(crlOf('7', 2), times));
});

test('the pause is the configured one, or ten times what the last one took', () => {
  assert.equal(gapMs(20, times), 1000);
  assert.equal(gapMs(2500, times), 25_000);
});

test('retries come less and less often, and once a minute at least', () => {
  assert.deepEqual([1, 2, 3, 6, 7, 20, 2000].map(retryAfterMs), [1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
});
