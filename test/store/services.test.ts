import assert from 'node:assert/strict';
import { changesSince, type Store, serviceById, serviceCounts } from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  anEvent,
  anIntent,
  aRegistration,
  aWebhook,
  dayMs,
  issue,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';

const serviceId = 'veritas-backend';

function health(store: Store, from: 'active' | 'degraded' | 'down', to: 'active' | 'degraded' | 'down') {
  const finding = { serviceId, from, to, at: t0, detail: 'HTTP 503', durationMs: 3 };
  return store.ledger.submit('recordHealth', { findings: [finding] });
}

async function countsOf({ read }: Store): Promise<Record<string, number>> {
  const rows = (await serviceCounts(read)).filter(({ count }) => count !== 0);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

forEachDatabase('services are counted by status, whatever becomes of them', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await issue(store);
  assert.deepEqual(await countsOf(store), {}, 'who only holds certificates is not registered');
  await store.ledger.submit('registerService', aRegistration());
  await store.ledger.submit('registerService', aRegistration({ serviceId: 'covina-backend' }));
  await store.ledger.submit('registerService', aRegistration({ serviceName: 'again' }));
  assert.deepEqual(await countsOf(store), { active: 2 });
  await health(store, 'active', 'degraded');
  await health(store, 'active', 'down');
  assert.deepEqual(await countsOf(store), { active: 1, degraded: 1 }, 'a finding about another state is out of date');
  await store.ledger.submit('retireService', { serviceId, retiredBy: serviceId, now: t0, audit: anEvent() });
  await store.ledger.submit('registerService', aRegistration());
  assert.deepEqual(await countsOf(store), { active: 2 });
});

forEachDatabase('subscribers hear of registrations and of bad health, and of nothing twice', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const eventTypes = ['service.registered', 'service.degraded', 'service.down'] as const;
  await store.ledger.submit('createWebhook', aWebhook({ eventTypes }));
  await store.ledger.submit('registerService', aRegistration());
  await store.ledger.submit('registerService', aRegistration({ serviceName: 'again' }));
  await health(store, 'active', 'degraded');
  await health(store, 'degraded', 'down');
  await health(store, 'down', 'degraded');
  await health(store, 'degraded', 'active');
  const rows = await store.execute('select event_type, data from outbox_events order by occurred_at, event_type');
  assert.deepEqual(rows.map(({ event_type }) => event_type).sort(), [
    'service.degraded',
    'service.degraded',
    'service.down',
    'service.registered',
  ]);
  const down = rows.find(({ event_type }) => event_type === 'service.down');
  assert.deepEqual(JSON.parse(`${down?.['data']}`), {
    ...{ service_id: serviceId, status: 'down', previous_status: 'degraded', detail: 'HTTP 503' },
    since: '2026-01-15T12:00:00Z',
  });
});

forEachDatabase('expiry takes the certificate out of the entry, and tells', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await store.ledger.submit('registerService', aRegistration());
  const intent = anIntent({ notAfter: t0 + dayMs });
  await store.ledger.submit('recordIntent', intent);
  assert.equal((await serviceById(store.read, serviceId))?.certificateId, null, 'an intent is none');
  await store.ledger.submit('recordCertificate', theCertificate(intent));
  assert.partialDeepStrictEqual(await serviceById(store.read, serviceId), {
    certificateId: intent.certificateId,
    certificateExpiry: t0 + dayMs,
  });
  await store.ledger.submit('expireDue', { now: t0 + 2 * dayMs, limit: 10 });
  assert.partialDeepStrictEqual(await serviceById(store.read, serviceId), {
    certificateId: null,
    certificateExpiry: null,
    revision: 3,
  });
  const told = await changesSince(store.read, { id: 0, limit: 10 });
  assert.deepEqual(
    told.map(({ id, data }) => [id, (JSON.parse(data) as { change: string }).change]),
    [
      [1, 'registered'],
      [2, 'certificate'],
      [3, 'certificate'],
    ],
  );
});

forEachDatabase('the log of changes is bounded', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await store.ledger.submit('registerService', aRegistration());
  // As if ten thousand others had been told meanwhile.
  await store.execute('update changes set id = 20000');
  await store.ledger.submit('updateService', { serviceId, changes: { autoRenew: false }, now: t0, audit: anEvent() });
  await store.execute('update changes set id = 30002 where id = 20001');
  await store.ledger.submit('updateService', { serviceId, changes: { autoRenew: true }, now: t0, audit: anEvent() });
  assert.deepEqual(
    (await changesSince(store.read, { id: 0, limit: 10 })).map(({ id }) => id),
    [30_002, 30_003],
  );
});
