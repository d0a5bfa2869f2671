import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore, type Store } from '../../apps/server/src/store/index.ts';
import { forEachDatabase, postgresUrl } from '../support/databases.ts';
import { t0 } from './ledger-inputs.ts';

const leaseMs = 10_000;

function take(store: Store, owner: string, now: number, name = 'job') {
  return store.ledger.submit('takeLease', { name, owner, now, leaseMs });
}

forEachDatabase('a lease is held by one owner, who may extend it', async (_t, openFresh) => {
  const store = await openFresh();
  assert.deepEqual(await take(store, 'a', t0), { taken: true, leasedUntil: t0 + leaseMs });
  assert.deepEqual(await take(store, 'b', t0 + 1), { taken: false, leasedUntil: t0 + leaseMs });
  assert.deepEqual(await take(store, 'a', t0 + 5000), { taken: true, leasedUntil: t0 + 15_000 });
  assert.equal((await take(store, 'b', t0 + 14_999)).taken, false);
  assert.equal((await take(store, 'b', t0, 'another job')).taken, true);
});

forEachDatabase('a lease whose owner died runs out', async (_t, openFresh) => {
  const store = await openFresh();
  await take(store, 'a', t0);
  assert.deepEqual(await take(store, 'b', t0 + leaseMs), { taken: true, leasedUntil: t0 + 2 * leaseMs });
  assert.equal((await take(store, 'a', t0 + leaseMs)).taken, false);
});

forEachDatabase('a lease is given back by its owner alone', async (_t, openFresh) => {
  const store = await openFresh();
  await take(store, 'a', t0);
  await store.ledger.submit('releaseLease', { name: 'job', owner: 'b' });
  assert.equal((await take(store, 'b', t0)).taken, false);
  await store.ledger.submit('releaseLease', { name: 'job', owner: 'a' });
  assert.equal((await take(store, 'b', t0)).taken, true);
});

test('of many servers of a cluster that ask at once, one gets the lease', async (t) => {
  const stores: Store[] = [];
  t.after(() => Promise.all(stores.map((store) => store.close())));
  const url = await postgresUrl(t);
  for (let i = 0; i < 3; i += 1) stores.push(await openStore({ url }));
  const leases = await Promise.all(stores.map((store, i) => take(store, `server-${i}`, t0)));
  assert.equal(leases.filter(({ taken }) => taken).length, 1);
});
