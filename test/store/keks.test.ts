import assert from 'node:assert/strict';
import { PkiError, type ProblemCode, parseEvent } from '@vcc-pki/api';
import { changesSince, dueDeliveries, kekByNumber, kekLog, primaryKek } from '../../apps/server/src/store/index.ts';
import { forEachDatabase, type TestStore } from '../support/databases.ts';
import {
  anEvent,
  anIntent,
  aRevocation,
  aWebhook,
  dayMs,
  entryDer,
  hourMs,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';

const refusedWith = (code: ProblemCode) => (error: unknown) => error instanceof PkiError && error.code === code;

/** Makes the next version of the line, or the line. @returns its certificate. */
async function makeVersion(store: TestStore, isNew = false): Promise<string> {
  const intent = anIntent({ serviceId: 'pki-kek', profile: 'kek' });
  await store.ledger.submit('recordIntent', intent);
  await store.ledger.submit('recordCertificate', theCertificate(intent));
  const reserved = await store.ledger.submit('reserveKekVersion', {
    ...{ line: 'themis-main', now: t0 },
    ...(isNew && { create: { kem: 'X25519' } }),
  });
  await store.ledger.submit('recordKek', {
    ...reserved,
    ...{ certificateId: intent.certificateId, rootId: 'aa', sealedSeed: entryDer, cause: 'rotate' },
    ...{ notBeforeWrite: t0, notAfterWrite: t0 + dayMs, now: t0, audit: anEvent() },
  });
  return intent.certificateId;
}

function change(store: TestStore, number: number, action: 'promote' | 'enable' | 'disable' | 'destroy', now = t0) {
  const input = { number, action, force: false, dryRun: false, liveMs: hourMs, soakMs: hourMs, now, audit: anEvent() };
  return store.ledger.submit('changeKek', input);
}

forEachDatabase('of many that promote at once, one does, and the line has one primary', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await makeVersion(store, true);
  await makeVersion(store);
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => change(store, 2, 'promote')));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await primaryKek(store.read, 1))?.number, 2);
});

forEachDatabase('of many that rotate at once, one makes the next version', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await makeVersion(store, true);
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => makeVersion(store)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.ok(refusedWith('conflict')(outcome.reason), String(outcome.reason));
  }
});

forEachDatabase('the database itself keeps a line from having two primary keys', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await makeVersion(store, true);
  await makeVersion(store);
  // The promotion of the second, while the first stays what it is, is what no operation does.
  const sql = `update kek_versions set state = 'PRIMARY' where number = 2`;
  await assert.rejects(store.execute(sql), /unique/i);
});

forEachDatabase('nothing is promoted whose time for writing is over', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await makeVersion(store, true);
  await makeVersion(store);
  await change(store, 2, 'promote', t0 + dayMs);
  await assert.rejects(change(store, 1, 'promote', t0 + dayMs + 1), refusedWith('conflict'));
});

forEachDatabase(
  'the feed tells every change, and webhooks of each new primary and each revocation',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const webhook = aWebhook({ eventTypes: ['key.rotated', 'key.revoked'] });
    await store.ledger.submit('createWebhook', webhook);
    await makeVersion(store, true);
    const second = await makeVersion(store);
    await change(store, 2, 'promote');
    await store.ledger.submit('recordRevocation', aRevocation(second, { reason: 'keyCompromise' }));

    const changes = await changesSince(store.read, { id: 0, limit: 100 });
    assert.deepEqual(
      changes.filter(({ event }) => event === 'keks').map(({ data }) => JSON.parse(data)),
      [
        { kek_id: 'kek_1', line: 'themis-main', line_id: 1, version: 1, state: 'PRIMARY', epoch: 1 },
        { kek_id: 'kek_2', line: 'themis-main', line_id: 1, version: 2, state: 'PENDING', epoch: 2 },
        { kek_id: 'kek_1', line: 'themis-main', line_id: 1, version: 1, state: 'ENABLED', epoch: 3 },
        { kek_id: 'kek_2', line: 'themis-main', line_id: 1, version: 2, state: 'PRIMARY', epoch: 3 },
        { kek_id: 'kek_2', line: 'themis-main', line_id: 1, version: 2, state: 'ENABLED', epoch: 4 },
      ],
    );
    const told = await dueDeliveries.all(store.read, { webhookId: webhook.webhookId, now: t0 + dayMs, limit: 100 });
    assert.deepEqual(
      told.map(({ eventType, subject }) => `${eventType} ${subject}`),
      ['key.rotated kek_1', 'key.rotated kek_2', 'key.revoked kek_2'],
    );
    for (const { eventId, eventType, subject, occurredAt, data } of told) {
      const timestamp = new Date(occurredAt).toISOString();
      parseEvent({ id: eventId, type: eventType, subject, timestamp, data: JSON.parse(data) });
    }
    const [kek, log] = [await kekByNumber(store.read, 2), await kekLog.all(store.read, { lineId: 1, limit: 10 })];
    assert.deepEqual([kek?.state, kek?.revoked, kek?.compromised], ['ENABLED', 1, 1]);
    assert.deepEqual([...new Set(log.map(({ epoch }) => epoch))], [4, 3, 2, 1]);
  },
);
