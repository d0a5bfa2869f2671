import assert from 'node:assert/strict';
import { PkiError } from '@vcc-pki/api';
import { auditHead, changesSince, kekGroup, kekGroupMembers } from '../../apps/server/src/store/index.ts';
import { forEachDatabase, type TestStore } from '../support/databases.ts';
import { anEvent, entryDer, openWithIssuer, t0 } from './ledger-inputs.ts';

const group = { lineId: 1, tenant: 'acme', name: 'doctors', now: t0, audit: anEvent() };
const key = { rootId: 'aa', sealedKey: entryDer, keyId: '00' };

async function groupOfTwo(store: TestStore): Promise<void> {
  await store.ledger.submit('reserveKekVersion', { line: 'themis-main', create: { kem: 'X25519' }, now: t0 });
  await store.ledger.submit('createKekGroup', { ...group, mode: 'sealed', key });
  for (const serviceId of ['themis', 'veritas']) {
    await store.ledger.submit('addKekGroupMember', { ...group, serviceId });
  }
}

async function stateOf(store: TestStore) {
  const members = await kekGroupMembers.all(store.read, { ...group, limit: 10 });
  const found = await kekGroup.first(store.read, group);
  return { epoch: found?.epoch, keyId: found?.keyId, members: members.map(({ serviceId }) => serviceId) };
}

forEachDatabase('a member leaves and an epoch begins together, or neither happens', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await groupOfTwo(store);
  const before = { ...(await stateOf(store)), audited: (await auditHead(store.read)).sequence };
  assert.deepEqual([before.epoch, before.members], [1, ['themis', 'veritas']]);
  // The removal is the first thing it does; what refuses it comes behind: an epoch that has been, a key that is there.
  const begin = (epoch: number) =>
    store.ledger.submit('beginKekGroupEpoch', { ...group, epoch, key: { ...key, keyId: '01' }, without: 'veritas' });
  await assert.rejects(begin(1), (error: unknown) => error instanceof PkiError && error.code === 'conflict');
  await store.execute(
    `insert into kek_group_epochs (line_id, tenant, name, epoch, started_at) values (1, 'acme', 'doctors', 2, ${t0})`,
  );
  await assert.rejects(begin(2), /unique|duplicate/i);
  assert.deepEqual({ ...(await stateOf(store)), audited: (await auditHead(store.read)).sequence }, before);
  await store.execute('delete from kek_group_epochs where epoch = 2');
  await begin(2);
  assert.deepEqual(await stateOf(store), { epoch: 2, keyId: '01', members: ['themis'] });
});

forEachDatabase('who was removed is given nothing, and the feed tells no more than the line', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await groupOfTwo(store);
  const deliver = (serviceId: string, epoch: number) =>
    store.ledger.submit('recordKekGroupDelivery', { ...group, serviceId, epoch, ratePerHour: 10 });
  const removal = store.ledger.submit('beginKekGroupEpoch', { ...group, epoch: 2, key, without: 'veritas' });
  // Behind the removal in the same commit.
  const delivery = deliver('veritas', 1);
  await removal;
  await assert.rejects(delivery, (error: unknown) => error instanceof PkiError && error.code === 'forbidden');
  assert.deepEqual(new Uint8Array((await deliver('themis', 1)).key.sealedKey), entryDer);
  const changes = await changesSince(store.read, { id: 0, limit: 100 });
  assert.deepEqual(
    changes.map(({ event, data }) => [event, JSON.parse(data)]),
    Array.from({ length: 4 }, () => ['keks', { line: 'themis-main', line_id: 1, groups: true }]),
  );
});
