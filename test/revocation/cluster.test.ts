import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore, type Store } from '../../apps/server/src/store/index.ts';
import { forEachDatabase, postgresUrl } from '../support/databases.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { newIssuer, recordIssuer, revokeIn, serialsOf, startPublisher, type TestPublisher } from './publishing.ts';

const shardCount = 4;
const issuer = await newIssuer(shardCount);
const scopes = ['0', '1', '2', '3', 'full', 'delta'];
const times = { validityMs: dayMs, updateIntervalMs: 6 * hourMs, backdateMs: 60_000, fullMinGapMs: 10 };

forEachDatabase('numbers go on rising after a restart, and nothing is made that is good', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const first = await startPublisher(t, { store, issuer, clock });
  const revoked = await revokeIn(store, issuer, { shard: 1, now: clock.now() });
  await first.until('all', () => scopes.every((scope) => first.crl(scope).revision >= (scope === '1' ? 1 : 0)));
  await first.until('full and delta', () => ['full', 'delta'].every((scope) => first.crl(scope).revision === 1));
  await first.publisher.close();
  const before = new Map(scopes.map((scope) => [scope, first.crl(scope).number]));

  const second = await startPublisher(t, { store, issuer, clock });
  assert.deepEqual(second.published, []);
  assert.deepEqual(serialsOf(second.crl('1')), [revoked.serialNumber]);
  // The list goes on from the CRL that the other process has made.
  const next = await revokeIn(store, issuer, { shard: 1, now: clock.now() });
  await second.until('all', () => ['1', 'full', 'delta'].every((scope) => second.crl(scope).revision === 2));
  for (const scope of ['1', 'full', 'delta']) {
    assert.deepEqual(serialsOf(second.crl(scope)), [revoked.serialNumber, next.serialNumber], scope);
    assert.ok(second.crl(scope).number > (before.get(scope) ?? 0), scope);
  }
});

forEachDatabase('what was revoked while no server ran is published at the start', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const first = await startPublisher(t, { store, issuer, clock });
  await first.publisher.close();
  const { serialNumber } = await revokeIn(store, issuer, { shard: 3, now: clock.now() });
  const second = await startPublisher(t, { store, issuer, clock });
  assert.deepEqual(serialsOf(second.crl('3')), [serialNumber]);
  await second.until('the full CRL', () => serialsOf(second.crl('full')).includes(serialNumber));
});

/** Two servers on one PostgreSQL. */
async function twoStores(t: Lifetime): Promise<[Store, Store]> {
  const cleanUps: (() => unknown)[] = [];
  const url = await postgresUrl({ after: (cleanUp) => cleanUps.push(cleanUp) });
  const stores: [Store, Store] = [await openStore({ url }), await openStore({ url })];
  t.after(async () => {
    for (const store of stores) await store.close();
    for (const cleanUp of cleanUps) await cleanUp();
  });
  await recordIssuer(stores[0], issuer);
  return stores;
}

function sameCrls(a: TestPublisher, b: TestPublisher): boolean {
  return scopes.every((scope) => a.crl(scope).sha256 === b.crl(scope).sha256);
}

async function publicationsOf(store: Store): Promise<Map<string, number>> {
  const rows = await store.read.selectFrom('audit_log').select('details').where('action', '=', 'publish-crl').execute();
  const counts = new Map<string, number>();
  for (const { details } of rows) {
    const { scope } = JSON.parse(details) as { scope: string };
    counts.set(scope, (counts.get(scope) ?? 0) + 1);
  }
  return counts;
}

test('of two servers on one PostgreSQL, each publication is made by one', async (t) => {
  const [storeA, storeB] = await twoStores(t);
  const clock = manualClock();
  const a = await startPublisher(t, { store: storeA, issuer, clock, times, instance: 'a' });
  const b = await startPublisher(t, { store: storeB, issuer, clock, times, instance: 'b' });
  assert.deepEqual(b.published, [], 'the second finds everything made');

  const serials: string[] = [];
  for (let i = 0; i < 12; i += 1) {
    const [store, { publisher }] = i % 2 === 0 ? ([storeA, a] as const) : ([storeB, b] as const);
    const revoked = await revokeIn(store, issuer, { shard: i % shardCount, now: clock.now() });
    serials.push(revoked.serialNumber);
    publisher.revoked(revoked);
  }
  for (const server of [a, b]) {
    const { publisher, crl } = server;
    await server.until(
      'all is listed',
      () => serialsOf(crl('full')).length === 12 && serialsOf(crl('delta')).length === 12,
    );
    assert.deepEqual(serialsOf(crl('full')).sort(), serials.toSorted());
    const listed = [0, 1, 2, 3].flatMap((shard) => serialsOf(crl(String(shard))));
    assert.deepEqual(listed.sort(), serials.toSorted());
    assert.deepEqual(publisher.complaints(), []);
  }
  await a.until('both serve the same', () => sameCrls(a, b));
  assert.deepEqual([...a.failures, ...b.failures], []);

  // Both see at once that everything is due.
  const before = await publicationsOf(storeA);
  clock.advance(6 * hourMs);
  await Promise.all(
    [a, b].map((each) =>
      each.until('renewed', () => scopes.every((scope) => each.crl(scope).thisUpdate > clock.now() - hourMs)),
    ),
  );
  await a.until('both serve the same', () => sameCrls(a, b));
  const after = await publicationsOf(storeA);
  for (const scope of ['0', '1', '2', '3']) assert.equal((after.get(scope) ?? 0) - (before.get(scope) ?? 0), 1, scope);
  assert.deepEqual([...a.failures, ...b.failures], []);
});

test('when a server dies with a CRL half made, another one makes it as soon as the lease has run out', async (t) => {
  const [storeA, storeB] = await twoStores(t);
  const clock = manualClock();
  const { signatureAlgorithm, publicKey, close } = issuer.signer;
  const dying = { signatureAlgorithm, publicKey, close, sign: (data: Uint8Array) => issuer.signer.sign(data) };
  const leaseMs = 5_000;
  const alive = { after: () => undefined };
  const a = await startPublisher(alive, { store: storeA, issuer, clock, times, instance: 'a', leaseMs, signer: dying });
  const b = await startPublisher(t, { store: storeB, issuer, clock, times, instance: 'b', leaseMs });
  const reached = Promise.withResolvers<void>();
  // As after kill -9: nothing follows, the lease stays.
  dying.sign = () => {
    reached.resolve();
    return new Promise(() => undefined);
  };
  const revoked = await revokeIn(storeA, issuer, { shard: 2, now: clock.now() });
  a.publisher.revoked(revoked);
  await reached.promise;
  for (let looks = 0; looks < 3; looks += 1) await b.publisher.look();
  assert.deepEqual(serialsOf(b.crl('2')), [], 'left to the owner of the lease');
  clock.advance(leaseMs);
  await b.until('the other server has made it', () => serialsOf(b.crl('2')).includes(revoked.serialNumber));
  assert.deepEqual(b.failures, []);
});
