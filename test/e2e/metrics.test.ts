import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from 'undici';
import { assertProblem } from '../support/assert-problem.ts';
import type { Identity } from '../support/call-api.ts';
import { setKeys } from '../support/configure.ts';
import { postgresUrl } from '../support/databases.ts';
import { freePorts } from '../support/free-ports.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { newRequest, runningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

const path = '/api/v1/certificates/';

/** The samples of a page in Prometheus' text format: `name{label="value"}` and its value. */
function samplesOf(page: string): ReadonlyMap<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('/metrics', () => {
  const clock = manualClock();
  const shared = sharedPki(async (lifetime) => ({
    clock,
    server: { housekeepingIntervalMs: 20 },
    // Where reading takes a while, those who ask at once get in each other's way.
    databaseUrl: await postgresUrl(lifetime),
  }));

  async function samples(as?: Identity): Promise<ReadonlyMap<string, number>> {
    const answer = await shared().call('GET', '/metrics', { as });
    assert.equal(answer.status, 200, answer.text);
    assert.match(`${answer.headers['content-type']}`, /^text\/plain; version=0\.0\.4/);
    return samplesOf(answer.text);
  }

  test('is for monitoring-service and administrators', async () => {
    const monitoring = await shared().issueFor('monitoring-service');
    const veritas = await shared().issueFor('veritas-backend');
    assert.ok((await samples(monitoring)).size > 0);
    assert.ok((await samples()).size > 0);
    assertProblem(await shared().call('GET', '/metrics', { as: veritas }), 'forbidden');
    assertProblem(await shared().call('GET', '/metrics', { as: null }), 'unauthorized');
  });

  test('counts what was issued, renewed, revoked and refused, by kind', async () => {
    const pki = shared();
    const before = await samples();
    const grown = async (name: string): Promise<number> => ((await samples()).get(name) ?? 0) - (before.get(name) ?? 0);
    const leaf = await pki.issueFor('covina-backend');
    await pki.call('POST', `${path}covina-backend/renew`, { body: { csr: (await newRequest()).csr } });
    await pki.call('DELETE', `${path}${leaf.certificateId}/revoke?reason=key_compromise`);
    await pki.call('POST', `${path}request`, { body: { service_name: 'covina-backend', csr: 'AAAA' } });
    await pki.call('GET', path, { as: null });
    assert.equal(await grown('vcc_pki_certificates_issued_total{profile="service"}'), 1);
    assert.equal(await grown('vcc_pki_certificates_renewed_total{profile="service"}'), 1);
    assert.equal(await grown('vcc_pki_certificates_revoked_total{reason="keyCompromise"}'), 1);
    assert.equal(await grown('vcc_pki_requests_refused_total{operation="request",code="badCSR"}'), 1);
    assert.equal(await grown('vcc_pki_requests_refused_total{operation="any",code="unauthorized"}'), 1);
    const route = 'method="POST",route="/api/v1/certificates/request",status="201"';
    assert.equal(await grown(`vcc_pki_request_duration_seconds_count{${route}}`), 1);
    assert.ok((await grown('vcc_pki_ledger_commit_duration_seconds_count')) > 0);
    assert.ok((await grown('vcc_pki_signer_duration_seconds_count{object="certificate"}')) >= 2);
  });

  test("shows the mission's targets as bounds of the request histogram", async () => {
    const names = [...(await samples()).keys()].filter((name) =>
      name.startsWith('vcc_pki_request_duration_seconds_bucket'),
    );
    for (const bound of ['0.05', '0.1', '0.3', '0.5'])
      assert.ok(
        names.some((name) => name.includes(`le="${bound}"`)),
        bound,
      );
  });

  test('shows certificates by status and by time to expiry, swept as time goes by', async () => {
    const pki = shared();
    await pki.issueFor('clara-backend', { body: { validity_hours: 1 } });
    await pki.issueFor('clara-backend', { body: { validity_days: 5 } });
    const ids = ((await pki.call('GET', `${path}?limit=500`)).json() as { items: { status: string }[] }).items;
    const held = (status: string): number => ids.filter((item) => item.status === status).length;
    const now = await samples();
    for (const status of ['active', 'revoked'])
      assert.equal(now.get(`vcc_pki_certificates{status="${status}"}`), held(status));
    const within = (days: string): number => now.get(`vcc_pki_certificates_expiring{within_days="${days}"}`) ?? 0;
    assert.ok(within('1') >= 1 && within('7') >= 1);
    const all = ['1', '7', '30', '90', '365', 'more'].map(within).reduce((sum, count) => sum + count);
    assert.equal(all, held('active'));

    clock.advance(2 * hourMs);
    const deadline = performance.now() + 10_000;
    for (;;) {
      const swept = (await samples()).get('vcc_pki_certificates{status="expired"}') ?? 0;
      if (swept >= 1 || performance.now() > deadline) {
        assert.equal(swept, 1);
        break;
      }
    }
  });

  test('says the same to many who ask at once', async () => {
    const expected = (await samples()).get('vcc_pki_certificates{status="active"}');
    const answers = await Promise.all(Array.from({ length: 8 }, () => samples()));
    for (const answer of answers) assert.equal(answer.get('vcc_pki_certificates{status="active"}'), expected);
  });

  test('shows the age of the CRL and the ends of all that ends', async () => {
    const now = await samples();
    const seconds = clock.now() / 1000;
    const intermediate = 'issuer="VCC Intermediate CA"';
    const find = (start: string): number => {
      const name = [...now.keys()].find((key) => key.startsWith(start));
      return now.get(`${name}`) ?? Number.NaN;
    };
    assert.ok(seconds - find(`vcc_pki_crl_this_update_timestamp_seconds{${intermediate}`) < 6 * 3600);
    assert.ok(find(`vcc_pki_crl_next_update_timestamp_seconds{${intermediate}`) > seconds);
    assert.ok(find(`vcc_pki_crl_number{${intermediate}`) >= 1);
    assert.ok(find(`vcc_pki_issuer_not_after_timestamp_seconds{${intermediate}`) > seconds + (4 * 365 * dayMs) / 1000);
    assert.ok(find('vcc_pki_server_certificate_not_after_timestamp_seconds') > seconds);
  });
});

test('metrics_port serves /metrics on loopback without a certificate, and nothing else', async (t) => {
  const [port] = (await freePorts(1)) as [number];
  const pki = await runningPki(t, { configure: setKeys({ metrics_port: port }) });
  const get = (path: string) => request(`http://127.0.0.1:${port}${path}`);
  const { statusCode, body } = await get('/metrics');
  assert.equal(statusCode, 200);
  assert.ok(samplesOf(await body.text()).has('vcc_pki_certificates{status="active"}'));
  for (const other of ['/health', '/api/v1/audit', '/api/v1/certificates']) {
    const answer = await get(other);
    assert.equal(answer.statusCode, 404);
    await answer.body.dump();
  }
  assert.ok(pki.log.length > 0);
});
