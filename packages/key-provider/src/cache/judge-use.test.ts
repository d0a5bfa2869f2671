import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachePolicy } from './cache-policy.ts';
import { type Judgement, judgeUse, type KekFacts, type KekUse } from './judge-use.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.UTC(2026, 5, 1);
const online = cachePolicy();
const offline = cachePolicy({ offline: { enabled: true } });

const good: KekFacts = {
  state: 'PRIMARY',
  isCompromised: false,
  isRevoked: false,
  notBeforeWriteMs: nowMs - dayMs,
  notAfterWriteMs: nowMs + 30 * dayMs,
  ageMs: 0,
  crlNextUpdateMs: nowMs + 30 * dayMs,
  nowMs,
  policy: online,
  mayDecryptCompromised: false,
};

const judge = (use: KekUse, change: Partial<KekFacts>): Judgement => judgeUse({ ...good, ...change }, use);

/** The judgements one millisecond before a limit, at it, and one after. */
const around = (use: KekUse, change: (offsetMs: number) => Partial<KekFacts>): Judgement[] =>
  [-1, 0, 1].map((offsetMs) => judge(use, change(offsetMs)));

test('hard TTL without offline mode: 24 h to the millisecond, for both directions', () => {
  for (const use of ['encrypt', 'decrypt'] as const) {
    const judgements = around(use, (ms) => ({ ageMs: dayMs + ms }));
    assert.deepEqual(judgements, ['fresh', 'KEK_STALE', 'KEK_STALE']);
  }
});

test('offline mode: encryption is stale from 24 h and ends at 48 h to the millisecond', () => {
  const from = around('encrypt', (ms) => ({ policy: offline, ageMs: dayMs + ms }));
  assert.deepEqual(from, ['fresh', 'stale', 'stale']);
  const to = around('encrypt', (ms) => ({ policy: offline, ageMs: 2 * dayMs + ms }));
  assert.deepEqual(to, ['stale', 'OFFLINE_LIMIT', 'OFFLINE_LIMIT']);
});

test('offline mode: decryption ends at 7 days to the millisecond', () => {
  const to = around('decrypt', (ms) => ({ policy: offline, ageMs: 7 * dayMs + ms }));
  assert.deepEqual(to, ['stale', 'OFFLINE_LIMIT', 'OFFLINE_LIMIT']);
});

test('notAfterWrite ends encryption in every mode, and never decryption', () => {
  const at = (policy: typeof online) => (ms: number) => ({ policy, notAfterWriteMs: nowMs - ms });
  assert.deepEqual(around('encrypt', at(online)), ['fresh', 'KEK_STALE', 'KEK_STALE']);
  assert.deepEqual(around('encrypt', at(offline)), ['fresh', 'OFFLINE_LIMIT', 'OFFLINE_LIMIT']);
  assert.deepEqual(around('decrypt', at(online)), ['fresh', 'fresh', 'fresh']);
});

test('nothing is written before notBeforeWrite', () => {
  const judgements = around('encrypt', (ms) => ({ notBeforeWriteMs: nowMs - ms }));
  assert.deepEqual(judgements, ['KEK_NOT_PRIMARY', 'fresh', 'fresh']);
});

test('the CRL ends encryption at nextUpdate, and with offline mode at nextUpdate and its grace', () => {
  const ended = around('encrypt', (ms) => ({ crlNextUpdateMs: nowMs - ms }));
  assert.deepEqual(ended, ['fresh', 'KEK_STALE', 'KEK_STALE']);
  const stale = around('encrypt', (ms) => ({ policy: offline, crlNextUpdateMs: nowMs - ms }));
  assert.deepEqual(stale, ['fresh', 'stale', 'stale']);
  const grace = around('encrypt', (ms) => ({ policy: offline, crlNextUpdateMs: nowMs - dayMs - ms }));
  assert.deepEqual(grace, ['stale', 'OFFLINE_LIMIT', 'OFFLINE_LIMIT']);
  assert.equal(judge('encrypt', { crlNextUpdateMs: undefined }), 'fresh');
});

test('revocation beats everything: fresh, stale or offline', () => {
  for (const policy of [online, offline]) {
    for (const ageMs of [0, 30 * hourMs]) {
      assert.equal(judge('encrypt', { policy, ageMs, isRevoked: true }), 'KEK_REVOKED');
      assert.equal(judge('decrypt', { policy, ageMs, isRevoked: true }), 'KEK_REVOKED');
      assert.equal(judge('decrypt', { policy, ageMs, isCompromised: true, state: 'ENABLED' }), 'KEK_REVOKED');
    }
  }
});

test('a compromised KEK is read to encrypt anew, and otherwise only where a policy says so', () => {
  const compromised = { state: 'ENABLED', isCompromised: true, isRevoked: true } as const;
  assert.equal(judge('reencrypt', compromised), 'fresh');
  assert.equal(judge('decrypt', compromised), 'KEK_REVOKED');
  assert.equal(judge('decrypt', { ...compromised, mayDecryptCompromised: true }), 'fresh');
  assert.equal(judge('encrypt', { ...compromised, mayDecryptCompromised: true }), 'KEK_REVOKED');
});

test('each state allows what it allows', () => {
  const table = (['PENDING', 'PRIMARY', 'ENABLED', 'DISABLED', 'DESTROYED'] as const).map((state) => [
    judge('encrypt', { state }),
    judge('decrypt', { state }),
  ]);
  assert.deepEqual(table, [
    ['KEK_NOT_PRIMARY', 'fresh'],
    ['fresh', 'fresh'],
    ['KEK_NOT_PRIMARY', 'fresh'],
    ['KEK_DISABLED', 'KEK_DISABLED'],
    ['KEK_DESTROYED', 'KEK_DESTROYED'],
  ]);
});
