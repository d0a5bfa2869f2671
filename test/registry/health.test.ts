import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { HealthHistory, ServiceResource } from '@vcc-pki/api';
import type { Identity } from '../support/call-api.ts';
import { setKeys } from '../support/configure.ts';
import { openFeed } from '../support/event-feed.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import type { RunningPki } from '../support/running-pki.ts';

/** A service with a health check, that can be told what to answer. */
interface Patient {
  readonly url: string;
  readonly callers: readonly string[];
  answer: number;
}

async function openPatient(t: Lifetime, pki: RunningPki, identity: Identity): Promise<Patient> {
  const callers: string[] = [];
  const patient = { url: '', callers, answer: 200 };
  const options = { ...identity, ca: pki.rootPem, requestCert: true, rejectUnauthorized: true };
  const server: Server = createServer(options, (request, response) => {
    callers.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    response.writeHead(patient.answer, { location: 'https://169.254.169.254/' }).end('x'.repeat(100_000));
  });
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  patient.url = `https://localhost:${(server.address() as AddressInfo).port}/health`;
  return patient;
}

describeOverDatabases('the health of services', (startPki) => {
  const shared = startPki({
    configure: setKeys({
      health_check_interval_seconds: 1,
      health_check_timeout_seconds: 1,
      last_seen_interval_seconds: 1,
      down_after_failures: 2,
      active_after_successes: 1,
    }),
  });
  const register = (service_id: string, health_check_url: string) =>
    shared().call('POST', '/api/v1/services/register', {
      body: { service_id, service_name: service_id, health_check_url },
    });
  const show = async (serviceId: string): Promise<ServiceResource> =>
    (await shared().call('GET', `/api/v1/services/${serviceId}`)).json() as ServiceResource;
  const historyOf = async (serviceId: string): Promise<HealthHistory['items']> =>
    ((await shared().call('GET', `/api/v1/services/${serviceId}/health-history`)).json() as HealthHistory).items;

  test('is checked over mTLS with the certificate of the server, and its changes are told', async (t) => {
    const pki = shared();
    const patient = await openPatient(t, pki, await pki.issueFor('vpb-backend'));
    const feed = await openFeed(t, pki, { query: '?types=service' });
    const changeTo = async (status: string): Promise<void> => {
      for (;;) {
        const data = JSON.parse((await feed.next('service')).data) as Record<string, unknown>;
        if (data['service_id'] === 'vpb-backend' && data['change'] === 'health' && data['status'] === status) return;
      }
    };
    // A redirect is not followed, and no good answer.
    patient.answer = 302;
    await register('vpb-backend', patient.url);
    await changeTo('degraded');
    await changeTo('down');
    patient.answer = 200;
    await changeTo('active');
    assert.deepEqual([...new Set(patient.callers)], ['pki-server']);
    const items = await historyOf('vpb-backend');
    assert.deepEqual(
      items.map(({ status, detail }) => [status, detail]),
      [
        ['active', 'HTTP 200'],
        ['down', 'HTTP 302'],
        ['degraded', 'HTTP 302'],
      ],
    );
    assert.ok(items.every(({ duration_ms }) => duration_ms !== null));
    const { text } = await pki.call('GET', '/metrics');
    assert.match(text, /vcc_pki_services\{status="active"\} 1/);
    assert.match(text, /vcc_pki_health_checks_total\{outcome="bad"\} [2-9]/);
    assert.match(text, /vcc_pki_health_monitor_active 1/);
    assert.match(text, /vcc_pki_feed_subscribers 1/);
  });

  test('cannot be shown by another service, nor by a revoked certificate, nor by one that hangs', async (t) => {
    const pki = shared();
    const [stranger, lost] = [await pki.issueFor('covina-backend'), await pki.issueFor('clara-backend')];
    const [foreign, revoked] = [await openPatient(t, pki, stranger), await openPatient(t, pki, lost)];
    await pki.call('DELETE', `/api/v1/certificates/${lost.certificateId}/revoke?reason=keyCompromise`);
    const hanging = createTcpServer();
    t.after(() => hanging.close());
    hanging.on('connection', (socket) => t.after(() => socket.destroy()));
    await once(hanging.listen(0, '127.0.0.1'), 'listening');
    await register('test-foreign', foreign.url);
    await register('clara-backend', revoked.url);
    await register('test-hanging', `https://127.0.0.1:${(hanging.address() as AddressInfo).port}/`);
    const expected = {
      'test-foreign': 'the certificate there is not that of spiffe://vcc.local/test-foreign',
      'clara-backend': 'its certificate is revoked',
      'test-hanging': 'no answer within 1000 ms',
    };
    for (const [serviceId, detail] of Object.entries(expected)) {
      while ((await show(serviceId)).status !== 'down') await sleep(100);
      assert.ok(
        (await historyOf(serviceId)).every((change) => change.detail === detail),
        serviceId,
      );
    }
    assert.deepEqual([foreign.callers, revoked.callers], [[], []], 'nobody was asked before it had proved who it is');
    // Without a check nothing is known to be wrong any more.
    const { status } = (
      await pki.call('PUT', '/api/v1/services/test-hanging', { body: { health_check_url: null } })
    ).json() as ServiceResource;
    assert.equal(status, 'active');
  });

  test('is one thing, when a service was last seen another', async () => {
    const pki = shared();
    const service = await pki.issueFor('veritas-backend');
    const before = Math.floor(Date.now() / 1000) * 1000;
    await pki.call('POST', '/api/v1/services/register', { as: service, body: { service_name: 'VERITAS' } });
    let entry = await show('veritas-backend');
    while (entry.last_seen === null) {
      await sleep(100);
      entry = await show('veritas-backend');
    }
    assert.ok(Date.parse(entry.last_seen) >= before);
    assert.equal(entry.revision, 1, 'it is no change of the entry');
  });
});
