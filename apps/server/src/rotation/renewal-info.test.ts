import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAgainSeconds, isInWindow, renewalInfo } from './renewal-info.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rules = { renewBeforeMs: 30 * dayMs, checkIntervalMs: 6 * hourMs };
const issued = Date.UTC(2026, 0, 15);
const certificate = { certificateId: 'cert_a', notBefore: issued, notAfter: issued + 365 * dayMs, revokedAt: null };

test('a certificate in no danger has the scheduled window', () => {
  const info = renewalInfo(certificate, { rules, danger: undefined });
  assert.equal(info.reason, 'scheduled');
  assert.equal(isInWindow(info, info.window.start - 1), false);
  assert.equal(isInWindow(info, info.window.start), true);
  // Overdue is all the more wanted.
  assert.equal(isInWindow(info, info.window.end + 1), true);
});

test('a danger moves the window into the past', () => {
  const since = issued + 5 * dayMs + 1234;
  const info = renewalInfo(certificate, { rules, danger: { reason: 'keyBlocked', since } });
  assert.equal(info.reason, 'keyBlocked');
  assert.ok(info.window.start < info.window.end && info.window.end <= since);
  assert.equal(isInWindow(info, since), true);
});

test('a revocation says more than a blocked key', () => {
  const revokedAt = issued + dayMs;
  const danger = { reason: 'keyBlocked', since: revokedAt + 5 } as const;
  const info = renewalInfo({ ...certificate, revokedAt }, { rules, danger });
  assert.deepEqual([info.reason, info.window.end], ['revoked', revokedAt]);
});

test('holders of short-lived certificates are asked to look more often', () => {
  const lasting = (life: number) => ({ notBefore: issued, notAfter: issued + life });
  assert.equal(askAgainSeconds(lasting(365 * dayMs), rules), 6 * 3600);
  assert.equal(askAgainSeconds(lasting(dayMs), rules), 3600);
  assert.equal(askAgainSeconds(lasting(600_000), rules), 60);
});
