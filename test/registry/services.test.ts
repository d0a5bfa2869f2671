import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServicePage, ServiceResource } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import { auditLog } from '../support/audit-log.ts';
import type { Answer } from '../support/call-api.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { type IssuedIdentity, newRequest } from '../support/running-pki.ts';

const path = '/api/v1/services';

/** More certificates than a service usually needs. */
const allowMany = (_name: string, text: string): string =>
  text.replaceAll(/max_certificates: \d/g, 'max_certificates: 50');

/** The entry of the mission text. */
const entry = {
  service_name: 'VERITAS Backend API',
  service_type: 'backend',
  endpoints: ['https://localhost:45678', 'https://192.168.178.94:45678'],
  health_check_url: 'https://localhost:45678/health',
};

describeOverDatabases('the registry of services', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock, configure: allowMany });
  const register = (as: IssuedIdentity | undefined, body: object): Promise<Answer> =>
    shared().call('POST', `${path}/register`, { ...(as && { as }), body });
  const show = async (service: string): Promise<ServiceResource> =>
    (await shared().call('GET', `${path}/${service}`)).json() as ServiceResource;

  test('has an entry as the mission text shows it', async () => {
    const pki = shared();
    const service = await pki.issueFor('veritas-backend');
    const answer = await register(service, entry);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers['location'], `${path}/veritas-backend`);
    assert.equal(answer.headers['etag'], '"1"');
    const found = (await pki.call('GET', `${path}/veritas-backend`, { as: service })).json() as ServiceResource;
    assert.deepEqual(found, answer.json());
    const { not_after } = service.answer.json() as { not_after: string };
    assert.partialDeepStrictEqual(found, {
      service_id: 'veritas-backend',
      ...entry,
      certificate_id: service.certificateId,
      certificate_expiry: not_after,
      auto_renew: true,
      status: 'active',
      revision: 1,
    });
  });

  test('takes the same registration again without a change, and a new one as an update', async () => {
    const service = await shared().issueFor('veritas-backend');
    await register(service, entry);
    const { revision } = await show('veritas-backend');
    const again = await register(service, entry);
    assert.equal(again.status, 200);
    assert.equal((again.json() as ServiceResource).revision, revision);
    const changed = await register(service, { service_name: 'VERITAS', auto_renew: false });
    assert.equal(changed.status, 200);
    assert.partialDeepStrictEqual(changed.json(), {
      ...{ service_name: 'VERITAS', service_type: null, endpoints: [], health_check_url: null, auto_renew: false },
      revision: revision + 1,
    });
  });

  test('lets a service change itself alone, and an administrator all of the whitelist', async () => {
    const pki = shared();
    const service = await pki.issueFor('veritas-backend');
    assertProblem(await register(service, { ...entry, service_id: 'covina-backend' }), 'forbidden');
    assertProblem(await register(undefined, { ...entry, service_id: 'stranger' }), 'forbidden', 'service_id');
    const other = await register(undefined, { ...entry, service_id: 'covina-backend' });
    assert.equal(other.status, 201);
    assert.equal((other.json() as ServiceResource).certificate_id, null);
    for (const [method, rest] of [
      ['PUT', ''],
      ['POST', '/retire'],
    ] as const) {
      const body = method === 'PUT' ? { service_name: 'mine' } : undefined;
      assertProblem(await pki.call(method, `${path}/covina-backend${rest}`, { as: service, body }), 'forbidden');
    }
    const refused = (await auditLog(pki)).filter(({ status }) => status === 'refused').map(({ action }) => action);
    assert.deepEqual(refused.slice(-4), ['register-service', 'register-service', 'update-service', 'retire-service']);
  });

  test('refuses addresses that the server must not call', async () => {
    const metadata = 'https://169.254.169.254/latest/meta-data';
    for (const [field, body] of [
      ['endpoints[1]', { endpoints: ['https://a.vcc.local', 'http://a.vcc.local'] }],
      ['endpoints[0]', { endpoints: [metadata] }],
      ['health_check_url', { health_check_url: metadata }],
      ['health_check_url', { health_check_url: 'https://user:secret@a.vcc.local/' }],
    ] as const) {
      assertProblem(
        await register(undefined, { service_id: 'vpb-backend', service_name: 'VPB', ...body }),
        'rejectedAddress',
        field,
      );
    }
    await register(undefined, { service_id: 'vpb-backend', service_name: 'VPB' });
    assertProblem(
      await shared().call('PUT', `${path}/vpb-backend`, { body: { endpoints: [metadata] } }),
      'rejectedAddress',
    );
    assert.deepEqual((await show('vpb-backend')).endpoints, []);
  });

  test('changes what is given, and nothing when somebody else was faster', async () => {
    const pki = shared();
    await register(undefined, { ...entry, service_id: 'clara-backend' });
    const put = (body: object, ifMatch?: string): Promise<Answer> =>
      pki.call('PUT', `${path}/clara-backend`, { body, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } });
    const first = await put({ service_type: null, endpoints: ['https://clara.vcc.local:1'] }, '"1"');
    assert.equal(first.status, 200, first.text);
    assert.equal(first.headers['etag'], '"2"');
    const { service_name, health_check_url } = entry;
    assert.partialDeepStrictEqual(first.json(), { service_name, health_check_url, service_type: null });
    for (const tag of ['"1"', 'W/"2"', '"x"', '2'])
      assertProblem(await put({ auto_renew: false }, tag), 'preconditionFailed');
    assert.equal((await put({ auto_renew: false }, '*')).status, 200);
    assert.equal((await put({ auto_renew: false })).headers['etag'], '"3"');
    assertProblem(await put({}), 'malformed');
    assertProblem(await put({ certificate_id: 'x' }), 'malformed', 'certificate_id');
    assertProblem(await pki.call('PUT', `${path}/nobody`, { body: { auto_renew: true } }), 'notFound');
  });

  test('answers 304 to who knows the revision', async () => {
    const pki = shared();
    await register(undefined, { ...entry, service_id: 'clara-backend' });
    const { headers } = await pki.call('GET', `${path}/clara-backend`);
    const ask = (tag: string) => pki.call('GET', `${path}/clara-backend`, { headers: { 'if-none-match': tag } });
    const known = await ask(`"0", W/${headers['etag']}`);
    assert.deepEqual([known.status, known.text, known.headers['etag']], [304, '', headers['etag']]);
    assert.equal((await ask('"0"')).status, 200);
  });

  test('keeps the current certificate, through renewal, revocation and expiry', async () => {
    const pki = shared();
    const first = await pki.issueFor('covina-ingestion', { body: { validity_days: 40 } });
    await register(first, { service_name: 'Covina' });
    const current = async () => {
      const { certificate_id, revision } = await show('covina-ingestion');
      return { certificate_id, revision };
    };
    assert.deepEqual(await current(), { certificate_id: first.certificateId, revision: 1 });
    clock.advance(1_000);
    const renewed = await pki.call('POST', `/api/v1/certificates/${first.certificateId}/renew`, {
      as: first,
      body: { csr: (await newRequest()).csr, validity_days: 60 },
    });
    const { certificate_id: second } = renewed.json() as { certificate_id: string };
    assert.deepEqual(await current(), { certificate_id: second, revision: 2 });
    // The old one is no longer the current one: its end changes nothing.
    await pki.call('DELETE', `/api/v1/certificates/${first.certificateId}/revoke?reason=superseded`);
    assert.deepEqual(await current(), { certificate_id: second, revision: 2 });
    clock.advance(1_000);
    const third = await pki.issueFor('covina-ingestion');
    await pki.call('DELETE', `/api/v1/certificates/${third.certificateId}/revoke?reason=superseded`);
    assert.deepEqual(await current(), { certificate_id: second, revision: 4 });
    clock.advance(61 * dayMs);
    // Before the sweep has come by.
    assert.deepEqual(await current(), { certificate_id: null, revision: 4 });
    clock.advance(-61 * dayMs);
  });

  test('keeps what is retired, and who may bring it back', async () => {
    const pki = shared();
    const service = await pki.issueFor('veritas-frontend');
    await register(service, { service_name: 'VERITAS Frontend', service_type: 'frontend' });
    const retire = (as?: IssuedIdentity) => pki.call('POST', `${path}/veritas-frontend/retire`, { ...(as && { as }) });
    assert.partialDeepStrictEqual((await retire(service)).json(), { status: 'retired', revision: 2 });
    assert.partialDeepStrictEqual((await retire(service)).json(), { status: 'retired', revision: 2 });
    assertProblem(
      await pki.call('PUT', `${path}/veritas-frontend`, { as: service, body: { auto_renew: false } }),
      'conflict',
    );
    const back = await register(service, { service_name: 'VERITAS Frontend', service_type: 'frontend' });
    assert.deepEqual([back.status, (back.json() as ServiceResource).status], [201, 'active']);
    await retire();
    assertProblem(await register(service, { service_name: 'VERITAS Frontend' }), 'conflict');
    assert.equal((await register(undefined, { service_id: 'veritas-frontend', service_name: 'F' })).status, 201);
    const history = (await pki.call('GET', `${path}/veritas-frontend/health-history`)).json() as { items: object[] };
    assert.partialDeepStrictEqual(history, {
      service_id: 'veritas-frontend',
      status: 'active',
      items: [
        { status: 'active', previous_status: 'retired', detail: 'registered by admin-cli', duration_ms: null },
        { status: 'retired', previous_status: 'active', detail: 'retired by admin-cli' },
        { status: 'active', previous_status: 'retired', detail: 'registered by veritas-frontend' },
        { status: 'retired', previous_status: 'active', detail: 'retired by veritas-frontend' },
      ],
    });
  });

  test('is listed by type and status, page by page', async () => {
    const pki = shared();
    for (const n of [1, 2, 3, 4, 5]) {
      await register(undefined, { service_id: `test-${n}`, service_name: `Test ${n}`, service_type: 'trial' });
    }
    await pki.call('POST', `${path}/test-2/retire`);
    const list = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = (await pki.call('GET', `${path}/?limit=2&${query}${from}`)).json() as ServicePage;
        assert.ok(page.items.length <= 2);
        ids.push(...page.items.map(({ service_id }) => service_id));
        cursor = page.next_cursor;
      }
      return ids;
    };
    assert.deepEqual(await list('type=trial'), ['test-1', 'test-2', 'test-3', 'test-4', 'test-5']);
    assert.deepEqual(await list('type=trial&status=retired'), ['test-2']);
    assert.deepEqual(await list('status=retired'), ['test-2']);
    assert.deepEqual(await list('type=nothing'), []);
    const all = await list('');
    assert.deepEqual(all, all.toSorted());
    assert.ok(!all.includes('admin-cli'), 'it holds a certificate and never registered');
    assertProblem(await pki.call('GET', `${path}/?cursor=bm90aGluZw`), 'malformed', 'cursor');
    assertProblem(await pki.call('GET', `${path}/admin-cli`), 'notFound');
  });
});
