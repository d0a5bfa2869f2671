import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { CertificateResource, RenewalPage, ServedResource } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import { assertProblem } from '../../support/assert-problem.ts';
import { dayMs, manualClock } from '../../support/manual-clock.ts';
import { describeOverDatabases } from '../../support/over-databases.ts';
import { type IssuedIdentity, newRequest } from '../../support/running-pki.ts';

const endpoint = 'https://veritas-backend.vcc.local:8443';

function fingerprintOf({ certificatePem }: Pick<IssuedIdentity, 'certificatePem'>): string {
  const [block] = parsePem(certificatePem);
  return createHash('sha256')
    .update(block?.der ?? '')
    .digest('hex');
}

describeOverDatabases('proof of renewals', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock });

  async function renewalsOf(service: string, state: string): Promise<string[]> {
    const answer = await shared().call('GET', `/api/v1/renewals?state=${state}&service=${service}`);
    assert.equal(answer.status, 200, answer.text);
    return (answer.json() as RenewalPage).items.map(({ certificate_id }) => certificate_id);
  }

  async function renew(old: IssuedIdentity): Promise<CertificateResource> {
    const { csr } = await newRequest();
    const path = `/api/v1/certificates/${old.certificateId}/renew`;
    const answer = await shared().call('POST', path, { as: old, body: { csr } });
    assert.equal(answer.status, 201, answer.text);
    return answer.json() as CertificateResource;
  }

  async function report(service: string, served_fingerprint: string | null, at = endpoint): Promise<ServedResource> {
    const body = { endpoints: [{ endpoint: at, served_fingerprint }] };
    const answer = await shared().call('PUT', `/api/v1/services/${service}/served`, { body });
    assert.equal(answer.status, 200, answer.text);
    return answer.json() as ServedResource;
  }

  test('a renewal is unproven until an endpoint serves the new certificate and none the old one', async () => {
    const old = await shared().issueFor('veritas-backend');
    assert.deepEqual(await renewalsOf('veritas-backend', 'unproven'), []);
    const renewed = await renew(old);
    assert.deepEqual(await renewalsOf('veritas-backend', 'unproven'), [renewed.certificate_id]);
    assert.deepEqual(await renewalsOf('veritas-backend', 'renewed'), [old.certificateId]);

    const stale = await report('veritas-backend', fingerprintOf(old));
    assert.deepEqual([stale.proven, stale.unproven], [false, [renewed.certificate_id]]);
    assert.deepEqual([stale.endpoints[0]?.certificate_id, stale.endpoints[0]?.is_newest], [old.certificateId, false]);

    const half = await report('veritas-backend', renewed.fingerprint_sha256, 'replica:8443');
    assert.deepEqual([half.proven, half.endpoints.length], [false, 2]);

    const proven = await report('veritas-backend', renewed.fingerprint_sha256);
    assert.deepEqual([proven.proven, proven.unproven], [true, []]);
    assert.deepEqual(
      proven.endpoints.map(({ is_newest }) => is_newest),
      [true, true],
    );
    assert.deepEqual(await renewalsOf('veritas-backend', 'unproven'), []);
    assert.deepEqual(await renewalsOf('veritas-backend', 'archived'), [old.certificateId]);

    const shown = await shared().call('GET', '/api/v1/services/veritas-backend/served');
    assert.deepEqual(shown.json(), proven);
  });

  test('an endpoint that is gone is forgotten', async () => {
    await shared().issueFor('covina-backend');
    const seen = await report('covina-backend', '00'.repeat(32));
    assert.deepEqual([seen.endpoints[0]?.certificate_id, seen.endpoints[0]?.is_newest], [null, false]);
    assert.deepEqual((await report('covina-backend', null)).endpoints, []);
  });

  test('a service reports about itself only, and about what exists only', async () => {
    const own = await shared().issueFor('vpb-backend');
    const body = { endpoints: [{ endpoint, served_fingerprint: '00'.repeat(32) }] };
    const put = (service: string, options = {}) =>
      shared().call('PUT', `/api/v1/services/${service}/served`, { body, ...options });
    assert.equal((await put('vpb-backend', { as: own })).status, 200);
    assertProblem(await put('veritas-backend', { as: own }), 'forbidden');
    assertProblem(await shared().call('GET', '/api/v1/services/veritas-backend/served', { as: own }), 'forbidden');
    assertProblem(await put('nobody'), 'notFound');
    assertProblem(
      await put('vpb-backend', { body: { endpoints: [{ endpoint, served_fingerprint: 'x' }] } }),
      'malformed',
    );
    assertProblem(await shared().call('GET', '/api/v1/renewals?cursor=xx'), 'malformed');
    assertProblem(await shared().call('GET', '/api/v1/renewals?service=veritas-backend', { as: own }), 'forbidden');
  });

  test('who is due and who is overdue is listed page by page', async () => {
    const first = await shared().issueFor('clara-backend');
    await shared().issueFor('clara-backend');
    clock.advance(341 * dayMs);
    const { suggested_window } = (first.answer.json() as CertificateResource).renewal_info;
    const all = (await shared().call('GET', '/api/v1/renewals?service=clara-backend')).json() as RenewalPage;
    assert.equal(all.next_cursor, null);
    const pages: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await shared().call('GET', `/api/v1/renewals?limit=1&service=clara-backend${query}`);
      const { items, next_cursor } = page.json() as RenewalPage;
      pages.push(...items.map(({ certificate_id }) => certificate_id));
      cursor = next_cursor;
    }
    assert.deepEqual(
      pages,
      all.items.map(({ certificate_id }) => certificate_id),
    );
    for (const { certificate_id, state, renewal_window } of all.items) {
      assert.ok(Date.parse(renewal_window.start) <= clock.now());
      assert.equal(state, Date.parse(renewal_window.end) < clock.now() ? 'overdue' : 'due');
      if (certificate_id === first.certificateId) assert.deepEqual(renewal_window, suggested_window);
    }
  });
});
