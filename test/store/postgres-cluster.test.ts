import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { verifyAuditChain } from '../../apps/server/src/audit/index.ts';
import { auditChain, auditHead, openStore, type Store } from '../../apps/server/src/store/index.ts';
import { openPool } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { postgresUrl } from '../support/databases.ts';
import { anEvent, anIntent, anIssuer, noLimits } from './ledger-inputs.ts';
import { outcomesOf } from './outcomes.ts';

/** Several servers on one database, all starting at once on an empty one. */
async function openCluster(t: TestContext, size: number): Promise<{ url: string; stores: Store[] }> {
  const stores: Store[] = [];
  t.after(() => Promise.all(stores.map((store) => store.close())));
  const url = await postgresUrl(t);
  stores.push(...(await Promise.all(Array.from({ length: size }, () => openStore({ url })))));
  return { url, stores };
}

test('servers that start at once migrate once', async (t) => {
  const { stores } = await openCluster(t, 4);
  for (const store of stores) await store.ledger.submit('recordEvent', { audit: anEvent() });
  assert.equal((await auditHead(stores[0]!.read)).sequence, 4);
});

test('a cluster shares one quota and one chain', async (t) => {
  const { stores } = await openCluster(t, 3);
  await stores[0]!.ledger.submit('recordIssuer', anIssuer());
  const limits = { ...noLimits, maxCertificates: 50 };
  const outcomes = await outcomesOf(
    Array.from({ length: 150 }, (_, index) => stores[index % 3]!.ledger.submit('recordIntent', anIntent({ limits }))),
  );
  assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 50);
  assert.equal(outcomes.filter((outcome) => outcome === 'quotaExceeded').length, 100);
  const head = await auditHead(stores[1]!.read);
  assert.deepEqual(await verifyAuditChain(auditChain(stores[2]!.read, head), head), { ok: true, entries: 51 });
});

test('a lost connection fails what was under way, and the next operation finds a new one', async (t) => {
  const { url, stores } = await openCluster(t, 1);
  const store = stores[0]!;
  await store.ledger.submit('recordEvent', { audit: anEvent() });
  const pool = openPool(url, { max: 1 });
  t.after(() => pool.end());
  // Hold the ledger's lock, so that the operation is under way when its connection is cut.
  const client = await pool.connect();
  await client.query('begin');
  await client.query('select * from audit_head for update');
  const submitted = outcomesOf([store.ledger.submit('recordEvent', { audit: anEvent() })]);
  const waiting = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await client.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await submitted, ['failure']);
  assert.equal(store.isHealthy(), false);
  await client.query('rollback');
  client.release();
  await store.ledger.submit('recordEvent', { audit: anEvent() });
  assert.equal(store.isHealthy(), true);
  assert.equal((await auditHead(store.read)).sequence, 2);
});
