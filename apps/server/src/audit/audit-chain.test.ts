import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AuditHead, chainHash, chainRecords, genesisHash, genesisHead } from './audit-chain.ts';
import { type AuditEvent, type AuditRow, toAuditRecord } from './audit-event.ts';
import { verifyAuditChain } from './verify-audit-chain.ts';

const event: AuditEvent = {
  timestamp: 1_768_478_400_000,
  requestId: 'r-1',
  serviceId: 'veritas-backend',
  action: 'request',
  certificateId: null,
  clientIp: '192.0.2.7',
  clientCertFingerprint: 'ab'.repeat(32),
  status: 'success',
  details: { reason: 'superseded', names: ['a', 'b'] },
};

const chain = (length: number): AuditRow[] =>
  chainRecords(
    genesisHead,
    Array.from({ length }, (_, index) => toAuditRecord({ ...event, requestId: `r-${index}` })),
  );

test('the hash of a record never changes: old chains must verify for ever', () => {
  assert.equal(
    chainHash(genesisHash, 1, toAuditRecord(event)),
    'd8b164ec7889f67f509ec14099509811510909c1120ca7003c431bb4e220e91e',
  );
});

test('every member of a record counts', () => {
  const record = toAuditRecord(event);
  const original = chainHash(genesisHash, 1, record);
  const others = [
    ...Object.keys(record).map((name) => chainHash(genesisHash, 1, { ...record, [name]: 'other' })),
    chainHash(genesisHash, 2, record),
    chainHash('1'.repeat(64), 1, record),
  ];
  assert.equal(new Set([original, ...others]).size, others.length + 1);
});

test('null and the text "null" are not the same', () => {
  const record = toAuditRecord(event);
  assert.notEqual(
    chainHash(genesisHash, 1, { ...record, serviceId: null }),
    chainHash(genesisHash, 1, { ...record, serviceId: 'null' }),
  );
});

test('a whole chain verifies, an empty one too', async () => {
  const rows = chain(5);
  assert.deepEqual(await verifyAuditChain(rows, rows[4]!), { ok: true, entries: 5 });
  assert.deepEqual(await verifyAuditChain([], genesisHead), { ok: true, entries: 0 });
});

const verdict = async (rows: readonly AuditRow[], head: AuditHead = chain(5)[4]!) => {
  const found = await verifyAuditChain(rows, head);
  return found.ok ? 'ok' : `${found.firstBroken.fault} at ${found.firstBroken.sequence} after ${found.entries}`;
};

test('what was done to a chain is found, and where', async () => {
  const rows = chain(5);
  const [first, second, third, fourth, fifth] = rows as [AuditRow, AuditRow, AuditRow, AuditRow, AuditRow];
  assert.equal(await verdict([first, { ...second, status: 'failed' }, third, fourth, fifth]), 'changed at 2 after 1');
  assert.equal(await verdict([first, { ...second, details: '{}' }, third, fourth, fifth]), 'changed at 2 after 1');
  assert.equal(await verdict([first, third, fourth, fifth]), 'missing at 2 after 1');
  assert.equal(await verdict([second, third, fourth, fifth]), 'missing at 1 after 0');
  assert.equal(await verdict([first, second, second, third, fourth, fifth]), 'reordered at 3 after 2');
  assert.equal(await verdict([first, third, second, fourth, fifth]), 'missing at 2 after 1');
  assert.equal(await verdict([first, second, third, fourth]), 'truncated at 5 after 4');
  assert.equal(await verdict([]), 'truncated at 1 after 0');
});

test('a record rewritten with a fitting hash of its own breaks the link of the next', async () => {
  const rows = chain(3);
  const forged = { ...rows[1]!, status: 'failed' as const };
  const rehashed = { ...forged, hash: chainHash(forged.previousHash, 2, forged) };
  assert.equal(await verdict([rows[0]!, rehashed, rows[2]!], rows[2]!), 'unlinked at 3 after 2');
});

test('a chain of the same length with another end is not the one that the head was made from', async () => {
  const rows = chain(5);
  assert.equal(await verdict(rows, { sequence: 5, hash: 'f'.repeat(64) }), 'truncated at 6 after 5');
});

test('property: a chain made in pieces is the chain made at once', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 20 }), fc.nat(20), (ids, cut) => {
      const records = ids.map((requestId) => toAuditRecord({ ...event, requestId }));
      const before = chainRecords(genesisHead, records.slice(0, cut));
      const after = chainRecords(before.at(-1) ?? genesisHead, records.slice(cut));
      assert.deepEqual([...before, ...after], chainRecords(genesisHead, records));
    }),
  );
});
