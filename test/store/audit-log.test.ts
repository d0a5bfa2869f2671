import assert from 'node:assert/strict';
import { verifyAuditChain } from '../../apps/server/src/audit/index.ts';
import { auditChain, auditHead, auditPage, openStoreReader } from '../../apps/server/src/store/index.ts';
import { forEachDatabase, type TestStore } from '../support/databases.ts';
import { anEvent, hourMs, issue, openWithIssuer, t0 } from './ledger-inputs.ts';
import { isProblem } from './outcomes.ts';

const record = (store: TestStore, changes: Parameters<typeof anEvent>[0]) =>
  store.ledger.submit('recordEvent', { audit: anEvent(changes) });

const verdict = async (store: TestStore) => {
  const head = await auditHead(store.read);
  const found = await verifyAuditChain(auditChain(store.read, head), head);
  return found.ok ? `ok ${found.entries}` : `${found.firstBroken.fault} at ${found.firstBroken.sequence}`;
};

forEachDatabase('an event comes back as it went in', async (_t, openFresh) => {
  const store = await openFresh();
  const event = anEvent({ details: { names: ['ä', '\u{1f600}'], nested: { b: 1.5, a: null } }, serviceId: null });
  await store.ledger.submit('recordEvent', { audit: event });
  const { items } = await auditPage(store.read, { limit: 10 });
  const { sequence, hash, previousHash, details, ...rest } = items[0]!;
  assert.equal(sequence, 1);
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.equal(previousHash, '0'.repeat(64));
  assert.deepEqual(JSON.parse(details), event.details);
  assert.deepEqual({ ...rest, details: event.details }, event);
  assert.equal(await verdict(store), 'ok 1');
});

forEachDatabase('tampering in the database is found', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await Promise.all(Array.from({ length: 20 }, () => issue(store)));
  assert.equal(await verdict(store), 'ok 21');
  await store.execute('update audit_log set details = \'{"a":1}\' where id = 7');
  assert.equal(await verdict(store), 'changed at 7');
  await store.execute('delete from audit_log where id = 5');
  assert.equal(await verdict(store), 'missing at 5');
  await store.execute('delete from audit_log where id >= 4');
  assert.equal(await verdict(store), 'truncated at 4');
});

forEachDatabase('a chain verifies while it grows, also for a reader of its own', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const reader = openStoreReader(store.url);
  try {
    const writing = Array.from({ length: 20 }, () => issue(store));
    for (let round = 0; round < 5; round += 1) {
      const head = await auditHead(reader);
      assert.equal((await verifyAuditChain(auditChain(reader, head), head)).ok, true);
    }
    await Promise.all(writing);
  } finally {
    await reader.destroy();
  }
});

forEachDatabase('more events than one page verify', async (_t, openFresh) => {
  const store = await openFresh();
  await Promise.all(Array.from({ length: 2500 }, () => record(store, {})));
  assert.equal(await verdict(store), 'ok 2500');
});

forEachDatabase('the log is paged newest first, by each filter', async (_t, openFresh) => {
  const store = await openFresh();
  for (let index = 1; index <= 12; index += 1) {
    await record(store, {
      timestamp: t0 + index * hourMs,
      action: index % 2 === 0 ? 'revoke' : 'request',
      serviceId: index % 3 === 0 ? 'covina-backend' : 'veritas-backend',
      certificateId: index % 6 === 0 ? 'cert_x' : null,
    });
  }
  const sequences = async (filter: Partial<Parameters<typeof auditPage>[1]>) => {
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await auditPage(store.read, { limit: 2, cursor, ...filter });
      found.push(...page.items.map(({ sequence }) => sequence));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  };
  assert.deepEqual(await sequences({}), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.deepEqual(await sequences({ action: 'revoke' }), [12, 10, 8, 6, 4, 2]);
  assert.deepEqual(await sequences({ service: 'covina-backend' }), [12, 9, 6, 3]);
  assert.deepEqual(await sequences({ service: 'covina-backend', action: 'request' }), [9, 3]);
  assert.deepEqual(await sequences({ certificateId: 'cert_x' }), [12, 6]);
  assert.deepEqual(await sequences({ since: t0 + 10 * hourMs }), [12, 11, 10]);
  assert.deepEqual(await sequences({ until: t0 + 2 * hourMs }), [2, 1]);
  assert.deepEqual(await sequences({ since: t0 + 3 * hourMs, until: t0 + 5 * hourMs }), [5, 4, 3]);
  assert.deepEqual(await sequences({ since: t0 + 99 * hourMs }), []);
  assert.deepEqual(await sequences({ until: t0 - 99 * hourMs }), []);
  await assert.rejects(
    auditPage(store.read, { limit: 2, cursor: '1;--' }),
    isProblem('malformed', { field: 'cursor' }),
  );
});

forEachDatabase('an event that was chained a little late is found by its time all the same', async (_t, openFresh) => {
  const store = await openFresh();
  for (const timestamp of [t0 + 2000, t0, t0 + 3000]) await record(store, { timestamp });
  const { items } = await auditPage(store.read, { since: t0 + 1000, limit: 10 });
  assert.deepEqual(
    items.map(({ sequence }) => sequence),
    [3, 1],
  );
  const { items: early } = await auditPage(store.read, { until: t0 + 1000, limit: 10 });
  assert.deepEqual(
    early.map(({ sequence }) => sequence),
    [2],
  );
});
