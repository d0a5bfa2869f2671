import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  type CertificateResource,
  type CreatedWebhookResource,
  type DeliveredEvent,
  eventExample,
  eventSchema,
  events,
  eventTypes,
  type KekResource,
  parseEvent,
} from '@vcc-pki/api';
import { systemClock } from '@vcc-pki/server';
import { AuthorityWatch } from '../../../apps/server/src/rotation/authority-watch.ts';
import { RotationScheduler } from '../../../apps/server/src/rotation/rotation-scheduler.ts';
import { listIssuers, type Store } from '../../../apps/server/src/store/index.ts';
import { rotationRules } from '../../rotation/rules.ts';
import { issue } from '../../store/ledger-inputs.ts';
import { dayMs } from '../../support/manual-clock.ts';
import { newRequest } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { type Receiver, startReceiver, until, verified } from './receiver.ts';

const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');

test('docs/webhooks.md has every event with its schema and an example, and no other', () => {
  const sections = new Map(
    page
      .split(/^### /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text]),
  );
  assert.deepEqual([...sections.keys()], [...eventTypes]);
  for (const type of eventTypes) {
    const section = sections.get(type) ?? '';
    assert.ok(section.includes(events[type].summary), type);
    const [example, schema] = [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
    assert.deepEqual(example, eventExample(type), type);
    parseEvent(example);
    assert.deepEqual(schema, JSON.parse(JSON.stringify(eventSchema(type, events[type].data))), type);
  }
});

describe('every event, made by the operation that it tells of, at a real receiver', () => {
  let store: Store | undefined;
  const shared = sharedPki(() => ({
    server: {
      extend: (_app, parts) => {
        store = parts.store;
      },
    },
  }));
  let receiver: Receiver;
  let webhook: CreatedWebhookResource;

  const cleanUps: (() => unknown)[] = [];
  const lifetime = { after: (cleanUp: () => unknown) => void cleanUps.push(cleanUp) };
  after(() => {
    for (const cleanUp of cleanUps) cleanUp();
  });

  before(async () => {
    receiver = await startReceiver(
      lifetime,
      await shared().issueFor('test-hooks', { body: { san_dns: ['localhost'] } }),
    );
    const body = { url: receiver.url, event_types: eventTypes };
    const answer = await shared().call('POST', '/api/v1/webhooks', { body });
    assert.equal(answer.status, 201, answer.text);
    webhook = answer.json() as CreatedWebhookResource;
  });

  test('the contract holds', async () => {
    const pki = shared();
    const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const answer = await pki.call(method, path, body === undefined ? {} : { body });
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
      return answer.json() as T;
    };
    const old = await pki.issueFor('veritas-backend');
    const { csr } = await newRequest();
    const renewed = await call<CertificateResource>('POST', `/api/v1/certificates/${old.certificateId}/renew`, { csr });
    await call('DELETE', `/api/v1/certificates/${renewed.certificate_id}/revoke?reason=superseded`);
    await call('POST', '/api/v1/services/register', {
      service_id: 'veritas-backend',
      service_name: 'VERITAS',
      endpoints: ['https://localhost:9'],
    });
    await call('POST', `/api/v1/webhooks/${webhook.webhook_id}/test`);
    const kek = await call<KekResource>('POST', '/api/v1/keks', { line: 'contract' });
    await call('DELETE', `/api/v1/certificates/${kek.id}/revoke?reason=keyCompromise`);
    assert.ok(store !== undefined);
    await makeTheOthers(store);

    const got = () => receiver.received.map((one) => verified(one, webhook.secret));
    const missing = () => eventTypes.filter((type) => !got().some((event) => event.type === type));
    await until(
      () => missing().length === 0,
      () => `missing: ${missing()}`,
    );
    const byType = Map.groupBy(got(), ({ type }) => type);
    const of = <T extends DeliveredEvent['type']>(type: T) =>
      (byType.get(type) ?? []) as unknown as Extract<DeliveredEvent, { type: T }>[];
    assert.ok(of('certificate.issued').some(({ data }) => data.certificate_id === old.certificateId));
    assert.deepEqual(
      of('certificate.renewed').map(({ data }) => [data.certificate_id, data.replaces]),
      [[renewed.certificate_id, old.certificateId]],
    );
    assert.ok(of('certificate.revoked').some(({ subject }) => subject === renewed.certificate_id));
    assert.equal(of('webhook.test')[0]?.data.webhook_id, webhook.webhook_id);
    assert.ok(of('key.revoked').some(({ subject }) => subject === kek.id));
  });
});

/** What takes months, or failures, to happen by itself. */
async function makeTheOthers(store: Store): Promise<void> {
  const finding = { serviceId: 'veritas-backend', detail: 'HTTP 503', durationMs: 5, at: Date.now() };
  await store.ledger.submit('recordHealth', { findings: [{ ...finding, from: 'active', to: 'degraded' }] });
  await store.ledger.submit('recordHealth', { findings: [{ ...finding, from: 'degraded', to: 'down' }] });
  const now = Date.now();
  const [issuer] = (await listIssuers(store.read)).filter(({ role }) => role === 'intermediate');
  const issuerId = issuer?.issuerId ?? '';
  const year = { issuerId, serviceId: 'veritas-backend', notBefore: now - 365 * dayMs, now };
  await issue(store, { ...year, notAfter: now - 1000 });
  await store.ledger.submit('expireDue', { now, limit: 500 });
  await issue(store, { ...year, notAfter: now + dayMs / 2 });
  // Its rules are others than the server's, so that it schedules everything anew, this one too.
  const rules = { ...rotationRules, maxRetries: 4 };
  const scheduler = new RotationScheduler({ store, clock: systemClock, rules, owner: 'contract', onTold: () => {} });
  assert.equal(await scheduler.round(), 1);
  const certificate = {
    role: 'intermediate',
    subject: 'CN=CA',
    serialNumber: '5a',
    fingerprint: 'ab'.repeat(32),
  } as const;
  const watch = new AuthorityWatch({
    ...{ store, clock: systemClock, onTold: () => {} },
    certificates: () => [{ ...certificate, issuerId, notAfter: now + dayMs, warningsMs: [7 * dayMs] }],
    crls: () => [{ issuerId, scope: 'full', number: 7, nextUpdate: now - 1 }],
  });
  await watch.look();
  await watch.look();
}
