import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PkiEvent } from '@vcc-pki/api';
import { RotationScheduler } from '../../apps/server/src/rotation/rotation-scheduler.ts';
import {
  dueDeliveries,
  dueRotations,
  listRenewals,
  openStore,
  renewalCounts,
  type Store,
} from '../../apps/server/src/store/index.ts';
import {
  anIntent,
  anIssuer,
  aRevocation,
  aWebhook,
  issue,
  noLimits,
  openWithIssuer,
  t0,
} from '../store/ledger-inputs.ts';
import { forEachDatabase, postgresUrl } from '../support/databases.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { rotationRules as rules } from './rules.ts';

const end = t0 + 365 * dayMs;

function aScheduler(store: Store, clock = manualClock(t0), owner = 'server-1') {
  const told: PkiEvent[] = [];
  const scheduler = new RotationScheduler({ store, clock, rules, owner, onTold: (event) => told.push(event) });
  return { scheduler, told, clock };
}

async function deliveriesTo(store: Store, webhookId: string) {
  return dueDeliveries.all(store.read, { webhookId, now: end * 2, limit: 5000 });
}

forEachDatabase('from a reminder to a failure, and everything of it in the outbox', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const webhook = aWebhook({ eventTypes: ['certificate.expiring', 'certificate.expired'] });
  await store.ledger.submit('createWebhook', webhook);
  const { certificateId } = await issue(store);
  const { scheduler, told, clock } = aScheduler(store);
  await scheduler.round();
  assert.deepEqual(told, []);
  for (const days of [335, 357, 364]) {
    clock.advance(t0 + days * dayMs - clock.now());
    for (let hours = 0; hours < 8; hours += 1) {
      await scheduler.round();
      clock.advance(hourMs);
    }
  }
  const stages = told.map(({ data }) => (data as { stage: string }).stage);
  assert.deepEqual(stages, ['reminder', 'overdue', 'overdue', 'overdue', 'overdue', 'alert', 'alert']);
  assert.deepEqual(await renewalCounts(store.read, clock.now()), { due: 1, overdue: 1, alert: 1, unproven: 0 });
  await store.ledger.submit('expireDue', { now: end + 1, limit: 10 });
  const types = (await deliveriesTo(store, webhook.webhookId)).map(({ eventType }) => eventType);
  assert.deepEqual(types, [...stages.map(() => 'certificate.expiring'), 'certificate.expired']);
  const page = { service: undefined, limit: 10, after: undefined, now: end };
  assert.deepEqual(
    (await listRenewals(store.read, { ...page, list: 'failed' })).map((row) => row.certificateId),
    [certificateId],
  );
});

forEachDatabase('a renewal completes it: nothing more is said', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const { certificateId } = await issue(store);
  const { scheduler, told, clock } = aScheduler(store);
  clock.advance(336 * dayMs);
  await scheduler.round();
  assert.equal(told.length, 1);
  await issue(store, { replaces: certificateId, limits: { ...noLimits, mayExceedByRenewal: true }, notAfter: end * 2 });
  clock.advance(20 * dayMs);
  await scheduler.round();
  assert.equal(told.length, 1);
  assert.deepEqual(await renewalCounts(store.read, clock.now()), { due: 0, overdue: 0, alert: 0, unproven: 1 });
});

forEachDatabase('certificates of a compromised key are overdue at once', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const { spkiSha256, certificateId } = await issue(store);
  const other = await issue(store, { spkiSha256 });
  const { scheduler, told, clock } = aScheduler(store);
  await scheduler.round();
  const revocation = aRevocation(certificateId, { reason: 'keyCompromise', blockKey: true, now: clock.now() });
  await store.ledger.submit('recordRevocation', revocation);
  await scheduler.round();
  assert.deepEqual(
    told.map(({ subject, data }) => [subject, (data as { stage: string }).stage]),
    [[other.certificateId, 'overdue']],
  );
});

forEachDatabase(
  'new rules move every window once, also of certificates that were never scheduled',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const scheduled = await issue(store);
    const unknown = anIntent();
    await store.ledger.submit('recordIntent', unknown);
    await store.ledger.submit('recordCertificate', {
      ...unknown,
      fingerprint: 'ab'.repeat(32),
      signature: new Uint8Array(64),
      now: t0,
    });
    const dueBy = async (now: number) =>
      new Set((await dueRotations.all(store.read, { now, limit: 10 })).map((row) => row.certificateId));
    assert.deepEqual(await dueBy(end), new Set([scheduled.certificateId]));
    await aScheduler(store).scheduler.round();
    assert.deepEqual(await dueBy(end), new Set([scheduled.certificateId, unknown.certificateId]));
    const early = { ...rules, renewBeforeMs: 100 * dayMs, notificationDays: [90] };
    const scheduler = new RotationScheduler({
      store,
      clock: manualClock(t0),
      rules: early,
      owner: 'b',
      onTold: () => {},
    });
    await aScheduler(store).scheduler.close();
    await scheduler.round();
    assert.equal((await dueBy(end - 90 * dayMs)).size, 2);
  },
);

test('two servers at once, and one that is killed with the lease in its hands: each certificate is told of once', async (t) => {
  const url = await postgresUrl(t);
  const stores = [await openStore({ url }), await openStore({ url })];
  t.after(() => Promise.all(stores.map((store) => store.close())));
  const [store, second] = stores as [Store, Store];
  await store.ledger.submit('recordIssuer', anIssuer());
  const webhook = aWebhook({ eventTypes: ['certificate.expiring'] });
  await store.ledger.submit('createWebhook', webhook);
  const issued = await Promise.all(Array.from({ length: 450 }, () => issue(store)));
  const clock = manualClock(end - 30 * dayMs);

  const victim = spawn(
    process.execPath,
    ['--conditions=@vcc-pki/source', fileURLToPath(new URL('victim.ts', import.meta.url)), url, String(clock.now())],
    { stdio: 'inherit' },
  );
  const [, signal] = await once(victim, 'exit');
  assert.equal(signal, 'SIGKILL');
  assert.equal((await deliveriesTo(store, webhook.webhookId)).length, 200);

  const [one, other] = [aScheduler(store, clock, 'one'), aScheduler(second, clock, 'other')];
  await Promise.all([one.scheduler.round(), other.scheduler.round()]);
  assert.equal(one.told.length + other.told.length, 0, 'the dead one still has the lease');
  clock.advance(31_000);
  await Promise.all([one.scheduler.round(), other.scheduler.round()]);
  const subjects = (await deliveriesTo(store, webhook.webhookId)).map(({ subject }) => subject);
  assert.deepEqual(subjects.toSorted(), issued.map(({ certificateId }) => certificateId).toSorted());
  assert.equal(one.told.length + other.told.length, 250);
});
