import assert from 'node:assert/strict';
import {
  certificateById,
  crlDer,
  crlShardOf,
  deltaBase,
  newestCrl,
  type PublishCrlInput,
  publicationsSince,
  type Store,
  shardEntries,
  shardEntriesSince,
} from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  anIntent,
  anIssuer,
  aPublication,
  aRevocation,
  dayMs,
  hourMs,
  issue,
  issuerId,
  openWithIssuer,
  t0,
} from './ledger-inputs.ts';
import { isProblem, outcomesOf } from './outcomes.ts';

forEachDatabase('a revocation is recorded once, with its entry', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const { certificateId } = await issue(store);
  const revoked = await store.ledger.submit('recordRevocation', aRevocation(certificateId));
  assert.equal(revoked.first, true);
  assert.deepEqual(revoked.sameKey, []);
  assert.equal(revoked.certificate.status, 'revoked');
  assert.deepEqual({ ...(await certificateById(store.read, certificateId)) }, { ...revoked.certificate });
  await assert.rejects(
    store.ledger.submit('recordRevocation', aRevocation(certificateId, { reason: 'cessationOfOperation' })),
    isProblem('alreadyRevoked', { reason: 'superseded', revokedAt: new Date(t0 + hourMs).toISOString() }),
  );
  await assert.rejects(store.ledger.submit('recordRevocation', aRevocation('cert_unknown')), isProblem('notFound'));
});

forEachDatabase('of ten revocations at once, one is the first', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const { certificateId } = await issue(store);
  const outcomes = await outcomesOf(
    Array.from({ length: 10 }, () => store.ledger.submit('recordRevocation', aRevocation(certificateId))),
  );
  assert.deepEqual(outcomes.sort(), [...Array(9).fill('alreadyRevoked'), 'ok']);
  const service = await store.read.selectFrom('services').select('active_certificates').executeTakeFirstOrThrow();
  assert.equal(service.active_certificates, 0);
});

forEachDatabase('a reason changes to keyCompromise, keeps its date, and never changes back', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const { certificateId } = await issue(store);
  await store.ledger.submit('recordRevocation', aRevocation(certificateId));
  const entryDer = new Uint8Array([0x30, 0x01, 0x00]);
  const worse = aRevocation(certificateId, { reason: 'keyCompromise', entryDer, now: t0 + dayMs, blockKey: true });
  const { certificate, first, shard, revision } = await store.ledger.submit('recordRevocation', worse);
  assert.equal(revision, 2);
  assert.equal(first, false);
  assert.equal(certificate.revokedAt, t0 + hourMs);
  assert.equal(certificate.revocationReason, 'keyCompromise');
  assert.deepEqual({ ...(await certificateById(store.read, certificateId)) }, { ...certificate });
  assert.deepEqual(await listOf(store), [[...entryDer]]);
  const [amended] = await shardEntriesSince(store.read, { issuerId, shard, revision: 1, limit: 10 });
  assert.equal(amended?.amended, 1);
  assert.deepEqual(
    await outcomesOf([
      store.ledger.submit('recordRevocation', worse),
      store.ledger.submit('recordRevocation', aRevocation(certificateId)),
    ]),
    ['alreadyRevoked', 'alreadyRevoked'],
  );
});

forEachDatabase('a compromised key is blocked, and its other certificates are named', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const first = await issue(store);
  const { spkiSha256 } = first;
  const second = await issue(store, { spkiSha256, serviceId: 'covina-backend' });
  const expired = await issue(store, { spkiSha256, notAfter: t0 + 1 });
  const intent = anIntent({ spkiSha256 });
  await store.ledger.submit('recordIntent', intent);
  const { sameKey } = await store.ledger.submit(
    'recordRevocation',
    aRevocation(first.certificateId, { reason: 'keyCompromise', blockKey: true }),
  );
  assert.deepEqual(sameKey, [second.certificateId, intent.certificateId].sort());
  assert.ok(!sameKey.includes(expired.certificateId));
  await assert.rejects(store.ledger.submit('recordIntent', anIntent({ spkiSha256 })), isProblem('badPublicKey'));
});

forEachDatabase('an expired certificate may be revoked, and gives no place back twice', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const swept = await issue(store, { notAfter: t0 + 1 });
  await store.ledger.submit('expireDue', { now: t0 + hourMs, limit: 10 });
  await issue(store);
  await store.ledger.submit('recordRevocation', aRevocation(swept.certificateId, { reason: 'keyCompromise' }));
  const service = await store.read.selectFrom('services').select('active_certificates').executeTakeFirstOrThrow();
  assert.equal(service.active_certificates, 1);
});

/** The octets of all entries that the four shards list. */
async function listOf(store: Store, { listedFrom = t0, pageSize = 1000, revision = 1000 } = {}): Promise<number[][]> {
  const list: number[][] = [];
  for (let shard = 0; shard < 4; shard += 1) {
    const pages = await Array.fromAsync(shardEntries(store.read, { issuerId, shard, listedFrom, revision, pageSize }));
    list.push(...pages.flat().map(({ entryDer }) => [...entryDer]));
  }
  return list;
}

forEachDatabase('entries come page by page, without those that need not be listed', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const issued = await Promise.all([5, 1, 4, 1, 3, 2, 0].map((days) => issue(store, { notAfter: t0 + days * dayMs })));
  await Promise.all(
    issued.map(({ certificateId }, index) =>
      store.ledger.submit('recordRevocation', aRevocation(certificateId, { entryDer: new Uint8Array([0x30, index]) })),
    ),
  );
  const whole = await listOf(store, { listedFrom: t0 + dayMs });
  assert.deepEqual(whole.map(([, index]) => index).sort(), [0, 1, 2, 3, 4, 5]);
  for (const pageSize of [1, 2, 3, 6]) {
    assert.deepEqual(await listOf(store, { listedFrom: t0 + dayMs, pageSize }), whole);
  }
  assert.equal((await listOf(store, { revision: 3 })).length, 3);
});

forEachDatabase('what is revoked after its expiry is listed until a CRL has had it', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const { certificateId } = await issue(store, { notAfter: t0 + 1 });
  await store.ledger.submit('recordRevocation', aRevocation(certificateId, { now: t0 + dayMs }));
  assert.equal((await listOf(store, { listedFrom: t0 + dayMs })).length, 1);
  assert.equal((await listOf(store, { listedFrom: t0 + dayMs + 1 })).length, 0);
});

forEachDatabase('CRL numbers only grow, and the DER of the newest few stays', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const publish = (number: number, changes: Partial<PublishCrlInput> = {}) =>
    store.ledger.submit('publishCrl', aPublication({ number, der: new Uint8Array([0x30, number]), ...changes }));
  assert.equal(await newestCrl(store.read, { issuerId }), undefined);
  for (const number of [1, 2, 5]) await publish(number);
  await assert.rejects(publish(5), isProblem('conflict', { newest: 5 }));
  await assert.rejects(publish(4), isProblem('conflict', { newest: 5 }));
  for (const number of [6, 9]) await publish(number);
  await publish(1, { scope: '1' });
  assert.equal((await newestCrl(store.read, { issuerId }))?.number, 9);
  assert.equal((await newestCrl(store.read, { issuerId, scope: '1' }))?.number, 1);
  const derOf = (number: number) => crlDer(store.read, { issuerId, scope: 'full', number });
  assert.deepEqual(new Uint8Array((await derOf(9)) ?? []), new Uint8Array([0x30, 9]));
  assert.notEqual(await derOf(6), undefined);
  assert.equal(await derOf(5), undefined);
  // Of two servers that publish the same number at once, one is told.
  assert.deepEqual((await outcomesOf([publish(10), publish(10)])).sort(), ['conflict', 'ok']);
});

forEachDatabase(
  'full and delta CRLs are numbered together, and bases stay while they are in use',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const publish = (number: number, changes: Partial<PublishCrlInput> = {}) =>
      store.ledger.submit('publishCrl', aPublication({ number, ...changes }));
    await publish(1, { nextUpdate: t0 + hourMs });
    await assert.rejects(publish(1, { scope: 'delta', baseNumber: 1 }), isProblem('conflict', { newest: 1 }));
    await publish(2, { scope: 'delta', baseNumber: 1 });
    await assert.rejects(publish(2), isProblem('conflict', { newest: 2 }));
    for (const number of [3, 4, 5]) await publish(number);
    assert.equal((await deltaBase(store.read, { issuerId, now: t0 }))?.number, 1);
    assert.equal((await deltaBase(store.read, { issuerId, now: t0 + hourMs }))?.number, 3);
    await publish(6, { now: t0 + hourMs });
    const kept = await store.read.selectFrom('published_crls').select('number').where('scope', '=', 'full').execute();
    assert.deepEqual(kept.map(({ number }) => number).sort(), [3, 4, 5, 6]);
  },
);

forEachDatabase('no two CRLs of a scope are published in the same second', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const publish = (number: number) => store.ledger.submit('publishCrl', aPublication({ number, now: t0 + 700 }));
  assert.deepEqual(
    [(await publish(1)).publishedAt, (await publish(2)).publishedAt, (await publish(3)).publishedAt],
    [t0, t0 + 1000, t0 + 2000],
  );
  const since = await publicationsSince(store.read, { sequence: 1, limit: 10 });
  assert.deepEqual(
    since.map(({ number, sequence }) => [number, sequence]),
    [
      [2, 2],
      [3, 3],
    ],
  );
});

forEachDatabase('a CRL in parts is read as one, without what a failed attempt has left', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const part = (number: number, octet: number) =>
    store.ledger.submit('storeCrlPart', { ...aPublication(), part: number, der: new Uint8Array([octet]) });
  for (const number of [0, 1, 2, 3]) await part(number, 0xff);
  for (const number of [0, 1]) await part(number, number);
  const crl = await store.ledger.submit('publishCrl', aPublication({ part: 2, der: new Uint8Array([2]) }));
  assert.deepEqual(new Uint8Array((await crlDer(store.read, crl)) ?? []), new Uint8Array([0, 1, 2]));
});

forEachDatabase('of servers that want to publish, one has the lease until it ends', async (_t, openFresh) => {
  // Above the last one, and never below the time.
  const seconds = (ms: number): number => Math.floor(ms / 1000);
  const store = await openWithIssuer(openFresh);
  const take = (owner: string, now: number, scope = 'full') =>
    store.ledger.submit('takeCrlLease', { issuerId, scope, owner, now, leasedUntil: now + 10_000 });
  assert.deepEqual(await take('a', t0), {
    taken: true,
    leasedUntil: t0 + 10_000,
    newest: undefined,
    number: seconds(t0),
  });
  assert.partialDeepStrictEqual(await take('b', t0 + 9_999, 'delta'), { taken: false, leasedUntil: t0 + 10_000 });
  assert.equal((await take('b', t0, '3')).taken, true);
  assert.equal((await take('b', t0 + 10_000)).taken, true);
  const late = store.ledger.submit('publishCrl', aPublication({ owner: 'a' }));
  await assert.rejects(late, isProblem('conflict'));
  await store.ledger.submit('publishCrl', aPublication({ owner: 'b' }));
  assert.partialDeepStrictEqual(await take('a', t0 + 10_001), { taken: true, number: seconds(t0 + 10_001) });
  await store.ledger.submit('releaseCrlLease', { issuerId, scope: 'full', owner: 'b' });
  assert.equal((await take('b', t0 + 10_002)).taken, false);
  await store.ledger.submit('releaseCrlLease', { issuerId, scope: 'full', owner: 'a' });
  assert.equal((await take('b', t0 + 10_003)).taken, true);
});

forEachDatabase('the number of shards is settled once, and older entries are given theirs', async (_t, openFresh) => {
  const store = await openFresh();
  await store.ledger.submit('recordIssuer', anIssuer({ crlShards: null }));
  await store.execute('update issuers set crl_shards = 1');
  const { certificateId, serialNumber } = await issue(store);
  await store.ledger.submit('recordRevocation', aRevocation(certificateId));
  await store.execute('update crl set shard = -1');
  await store.execute('update issuers set crl_shards = null');
  const settle = (shards: number) => store.ledger.submit('settleCrlShards', { issuerId, shards, limit: 10 });
  assert.deepEqual(await settle(1000), { settled: 1 });
  assert.deepEqual(await settle(1000), { settled: 0 });
  const [entry] = await store.read.selectFrom('crl').select('shard').execute();
  assert.equal(entry?.shard, crlShardOf(serialNumber, 1000));
  await assert.rejects(settle(16), isProblem('conflict', { shards: 1000 }));
});
