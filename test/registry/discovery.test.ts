import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { DiscoveredCertificate, DiscoveryPage } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import { openFeed } from '../support/event-feed.ts';
import { describeOverDatabases } from '../support/over-databases.ts';

const path = '/api/v1/discovery/services';

describeOverDatabases('discovery', (startPki) => {
  const shared = startPki();
  const find = async (rest: string): Promise<DiscoveryPage> =>
    (await shared().call('GET', `${path}${rest}`)).json() as DiscoveryPage;
  const register = (service_id: string, service_type: string) =>
    shared().call('POST', '/api/v1/services/register', {
      body: { service_id, service_name: service_id, service_type },
    });

  test('gives what one service needs to speak with another over mTLS', async (t) => {
    const pki = shared();
    const [covina, vpb] = [
      await pki.issueFor('covina-ingestion'),
      await pki.issueFor('vpb-backend', { body: { san_dns: ['localhost'] } }),
    ];
    const server = createServer({ ...vpb, ca: pki.rootPem, requestCert: true }, (_request, response) => {
      response.end('documents');
    });
    t.after(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
    await pki.call('POST', '/api/v1/services/register', {
      as: vpb,
      body: { service_name: 'VPB', service_type: 'backend', endpoints: [endpoint] },
    });
    const answer = await pki.call('GET', `${path}/vpb-backend`, { as: covina });
    const { items, chain_pem, next_cursor } = answer.json() as DiscoveryPage;
    assert.equal(next_cursor, null);
    assert.equal(items.length, 1);
    assert.partialDeepStrictEqual(items[0], {
      ...{ service_id: 'vpb-backend', service_type: 'backend', endpoints: [endpoint], status: 'active' },
      ...{ spiffe_id: 'spiffe://vcc.local/vpb-backend', certificate_id: vpb.certificateId },
      certificate_pem: vpb.certificatePem,
    });
    const seen = await new Promise<string>((resolve, reject) => {
      const call = httpsRequest(items[0]!.endpoints[0]!, { ...covina, ca: [pki.rootPem, chain_pem], agent: false });
      call.on('response', (response) => {
        const { socket } = response as unknown as { socket: import('node:tls').TLSSocket };
        resolve(socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase());
        response.resume();
      });
      call.on('error', reject).end();
    });
    assert.equal(seen, items[0]!.fingerprint_sha256);
  });

  test('takes an exact service_id first, and else a type', async () => {
    await register('vpb-backend', 'backend');
    await register('covina-backend', 'backend');
    await register('test-1', 'covina-backend');
    const ids = ({ items }: DiscoveryPage): string[] => items.map(({ service_id }) => service_id);
    assert.deepEqual(ids(await find('/backend')), ['covina-backend', 'vpb-backend']);
    assert.deepEqual(ids(await find('/covina-backend')), ['covina-backend']);
    assert.deepEqual(ids(await find('?type=covina-backend')), ['test-1']);
    assert.deepEqual(ids(await find('')), ['covina-backend', 'test-1', 'vpb-backend']);
    assert.deepEqual(ids(await find('?type=backend&status=down')), []);
    const first = await find('/backend?limit=1');
    assert.deepEqual(ids(first), ['covina-backend']);
    assert.deepEqual(ids(await find(`/backend?limit=1&cursor=${first.next_cursor}`)), ['vpb-backend']);
    assertProblem(await shared().call('GET', `${path}/nothing`), 'notFound');
    assertProblem(await shared().call('GET', path, { as: null }), 'unauthorized');
  });

  test('leaves out what is retired', async () => {
    await register('test-2', 'short');
    await shared().call('POST', '/api/v1/services/test-2/retire');
    assert.deepEqual((await find('?type=short')).items, []);
    assertProblem(await shared().call('GET', `${path}/test-2`), 'notFound');
    assertProblem(await shared().call('GET', `${path}/test-2/cert`), 'notFound');
  });

  test('gives the certificate alone, as JSON or as a PEM file', async () => {
    const pki = shared();
    const service = await pki.issueFor('clara-backend');
    await register('clara-backend', 'backend');
    const json = await pki.call('GET', `${path}/clara-backend/cert`);
    const found = json.json() as DiscoveredCertificate;
    assert.equal(found.certificate_pem, service.certificatePem);
    const pem = await pki.call('GET', `${path}/clara-backend/cert`, {
      headers: { accept: 'application/pem-certificate-chain' },
    });
    assert.match(`${pem.headers['content-type']}`, /^application\/pem-certificate-chain/);
    assert.equal(pem.text, service.cert);
    assert.notEqual(pem.headers['etag'], json.headers['etag']);
    assertProblem(
      await pki.call('GET', `${path}/clara-backend/cert`, { headers: { accept: 'text/html' } }),
      'notAcceptable',
    );
    assertProblem(await pki.call('GET', `${path}/covina-backend/cert`), 'notFound');
  });

  test('answers 304 until something changes', async () => {
    const pki = shared();
    await pki.issueFor('test-3');
    await register('test-3', 'tagged');
    for (const url of [`${path}/test-3`, `${path}/tagged`, `${path}?type=tagged`, `${path}/test-3/cert`]) {
      const { headers } = await pki.call('GET', url);
      const ask = () => pki.call('GET', url, { headers: { 'if-none-match': `${headers['etag']}` } });
      assert.equal((await ask()).status, 304, url);
      await pki.call('PUT', '/api/v1/services/test-3', { body: { service_name: `for ${url}` } });
      const changed = await ask();
      assert.equal(changed.status, 200, url);
      assert.notEqual(changed.headers['etag'], headers['etag']);
    }
  });

  test('need not be asked again and again: the feed tells', async (t) => {
    const pki = shared();
    const feed = await openFeed(t, pki, { query: '?types=service' });
    await feed.next('hello');
    const told = async (): Promise<object> => {
      const data = JSON.parse((await feed.next('service')).data) as { service_id: string };
      // What other tests have just done may still be on its way.
      return data.service_id === 'test-4' ? data : told();
    };
    await register('test-4', 'told');
    assert.deepEqual(await told(), { service_id: 'test-4', revision: 1, status: 'active', change: 'registered' });
    const { certificateId } = await pki.issueFor('test-4');
    assert.deepEqual(await told(), { service_id: 'test-4', revision: 2, status: 'active', change: 'certificate' });
    await pki.call('PUT', '/api/v1/services/test-4', { body: { auto_renew: false } });
    const third = await feed.next('service');
    assert.partialDeepStrictEqual(JSON.parse(third.data), { revision: 3, change: 'updated' });
    feed.close();
    await pki.call('DELETE', `/api/v1/certificates/${certificateId}/revoke?reason=superseded`);
    await pki.call('POST', '/api/v1/services/test-4/retire');
    // The feed polls the ledger; a reader that comes back before it has looked is told all the same.
    const again = await openFeed(t, pki, { headers: { 'last-event-id': `${third.id}` } });
    assert.partialDeepStrictEqual(JSON.parse((await again.next('hello')).data), { resumed: true });
    const missed = [await again.next('service'), await again.next('service')];
    assert.deepEqual(
      missed.map(({ data }) => (JSON.parse(data) as { change: string }).change),
      ['certificate', 'retired'],
    );
  });
});
