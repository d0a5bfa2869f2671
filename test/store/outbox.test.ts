import assert from 'node:assert/strict';
import { parseEvent } from '@vcc-pki/api';
import { dueDeliveries, type Store } from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  anIntent,
  aRevocation,
  aWebhook,
  dayMs,
  issue,
  noLimits,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';

const late = t0 + 10_000 * dayMs;

function waiting(store: Store, webhookId: string) {
  return dueDeliveries.all(store.read, { webhookId, now: late, limit: 100 });
}

forEachDatabase('an event waits for everyone who wants it, and for nobody else', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await issue(store);
  const [both, issued, other] = [
    aWebhook({ eventTypes: ['certificate.issued', 'certificate.revoked'] }),
    aWebhook({ eventTypes: ['certificate.issued'] }),
    aWebhook({ eventTypes: ['key.rotated'] }),
  ];
  for (const webhook of [both, issued, other]) await store.ledger.submit('createWebhook', webhook);
  const { certificateId } = await issue(store);
  await store.ledger.submit('recordRevocation', aRevocation(certificateId));
  const types = async (webhookId: string) => (await waiting(store, webhookId)).map(({ eventType }) => eventType);
  assert.deepEqual(await types(both.webhookId), ['certificate.issued', 'certificate.revoked']);
  assert.deepEqual(await types(issued.webhookId), ['certificate.issued']);
  assert.deepEqual(await types(other.webhookId), []);
  const [mine] = await waiting(store, both.webhookId);
  const [theirs] = await waiting(store, issued.webhookId);
  assert.deepEqual([mine?.eventId, mine?.subject], [theirs?.eventId, certificateId]);
});

forEachDatabase('what the ledger emits of a certificate fits the published schemas', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const webhook = aWebhook({
    eventTypes: ['certificate.issued', 'certificate.renewed', 'certificate.revoked', 'certificate.expired'],
  });
  await store.ledger.submit('createWebhook', webhook);
  const limits = { ...noLimits, mayExceedByRenewal: true };
  const first = await issue(store);
  const second = await issue(store, { replaces: first.certificateId, limits });
  await store.ledger.submit('recordRevocation', aRevocation(second.certificateId, { reason: 'keyCompromise' }));
  await store.ledger.submit('expireDue', { now: t0 + 900 * dayMs, limit: 10 });
  const emitted = await waiting(store, webhook.webhookId);
  assert.deepEqual(
    new Set(emitted.map(({ eventType }) => eventType)),
    new Set(['certificate.issued', 'certificate.renewed', 'certificate.revoked', 'certificate.expired']),
  );
  for (const { eventId, eventType, subject, occurredAt, data } of emitted) {
    const timestamp = new Date(occurredAt).toISOString();
    parseEvent({ id: eventId, type: eventType, timestamp, subject, data: JSON.parse(data) });
  }
  const expired = emitted.find(({ eventType }) => eventType === 'certificate.expired');
  assert.equal(JSON.parse(expired?.data ?? '').replaced_by, second.certificateId);
});

forEachDatabase(
  'an operation that is refused tells nobody, its neighbours of the same commit do',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const webhook = aWebhook();
    await store.ledger.submit('createWebhook', webhook);
    const [good, unknown] = [anIntent(), anIntent()];
    await store.ledger.submit('recordIntent', good);
    const outcomes = await Promise.allSettled([
      store.ledger.submit('recordCertificate', theCertificate(unknown)),
      store.ledger.submit('recordCertificate', theCertificate(good)),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    assert.deepEqual(
      (await waiting(store, webhook.webhookId)).map(({ subject }) => subject),
      [good.certificateId],
    );
  },
);

forEachDatabase('a webhook that was deleted is told nothing more', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const webhook = aWebhook();
  const { webhookId } = webhook;
  await store.ledger.submit('createWebhook', webhook);
  await issue(store);
  assert.equal((await waiting(store, webhookId)).length, 1);
  await store.ledger.submit('deleteWebhook', { webhookId, now: t0, audit: webhook.audit });
  await issue(store);
  assert.deepEqual(await waiting(store, webhookId), []);
});
