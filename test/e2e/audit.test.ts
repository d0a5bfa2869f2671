import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntryResource } from '@vcc-pki/api';
import { type AuditRow, canonicalJson, type JsonObject, verifyAuditChain } from '@vcc-pki/server';
import { assertProblem } from '../support/assert-problem.ts';
import { auditLog } from '../support/audit-log.ts';
import { manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { newRequest } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

/** The row that the hash was made from, out of what the API shows of it. */
function toRow(entry: AuditEntryResource): AuditRow {
  return {
    sequence: entry.id,
    timestamp: Date.parse(entry.timestamp),
    requestId: entry.request_id ?? null,
    serviceId: entry.service_id ?? null,
    action: entry.action,
    certificateId: entry.certificate_id ?? null,
    clientIp: entry.client_ip ?? null,
    clientCertFingerprint: entry.client_cert_fingerprint ?? null,
    status: entry.status as AuditRow['status'],
    details: canonicalJson(entry.details as JsonObject),
    previousHash: entry.previous_hash,
    hash: entry.hash,
  };
}

describeOverDatabases('the audit log', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock });

  test('has everything that was done or refused, each with who and what', async () => {
    const pki = shared();
    const { csr } = await newRequest();
    const service = await pki.issueFor('veritas-backend');
    const begin = (await auditLog(pki)).length;
    const call = (method: string, rest: string, body?: object) =>
      pki.call(method, `${path}${rest}`, { as: service, ...(body && { body }) });
    const requested = await call('POST', 'request', { service_name: 'veritas-backend', csr });
    const { certificate_id } = requested.json() as { certificate_id: string };
    const renewed = await call('POST', `${certificate_id}/renew`, { csr: (await newRequest()).csr });
    await call('GET', `${certificate_id}/download?format=der`);
    await call('DELETE', `${certificate_id}/revoke?reason=superseded`);
    await call('POST', 'request', { service_name: 'covina-backend', csr });
    await call('POST', 'request', { service_name: 'veritas-backend', csr: 'AAAA' });
    await call('POST', 'request', { service_name: 'veritas-backend', csr, san_dns: ['covina-backend'] });
    await pki.call('GET', '/api/v1/audit', { as: service });
    const renewal = (renewed.json() as { certificate_id: string }).certificate_id;

    const entries = (await auditLog(pki)).slice(begin).filter(({ action }) => action !== 'publish-crl');
    assert.deepEqual(
      entries.map(({ action, status, certificate_id: id, details }) => [action, status, id ?? details['code']]),
      [
        ['request', 'success', certificate_id],
        ['renew', 'success', renewal],
        ['download', 'success', certificate_id],
        ['revoke', 'success', certificate_id],
        ['request', 'refused', 'forbidden'],
        ['request', 'refused', 'badCSR'],
        ['request', 'refused', 'rejectedIdentifier'],
        ['admin', 'refused', 'forbidden'],
      ],
    );
    const { fingerprint_sha256 } = service.answer.json() as { fingerprint_sha256: string };
    for (const entry of entries) {
      assert.equal(entry.service_id, 'veritas-backend');
      assert.equal(entry.client_cert_fingerprint, fingerprint_sha256);
      assert.match(`${entry.client_ip}`, /127\.0\.0\.1$/);
      assert.match(`${entry.request_id}`, /^[0-9a-f-]{36}$/);
      assert.equal(Date.parse(entry.timestamp), clock.now());
    }
    const { request_id } = (await call('POST', 'request', { service_name: 'vpb-backend', csr })).body;
    const last = (await auditLog(pki)).findLast(({ action }) => action !== 'publish-crl');
    assert.equal(last?.request_id, request_id);
  });

  test('begins with the making of the CAs', async () => {
    const [root, intermediate] = await auditLog(shared());
    assert.deepEqual([root?.action, root?.details['role']], ['create-ca', 'root']);
    assert.deepEqual([intermediate?.action, intermediate?.details['role']], ['create-ca', 'intermediate']);
  });

  test('is one chain, which the API shows whole; a changed entry breaks it', async () => {
    const rows = (await auditLog(shared())).map(toRow);
    const head = rows.at(-1)!;
    assert.deepEqual(await verifyAuditChain(rows, head), { ok: true, entries: rows.length });
    const changed = rows.with(4, { ...rows[4]!, serviceId: 'somebody-else' });
    const verdict = await verifyAuditChain(changed, head);
    assert.deepEqual(verdict, { ok: false, entries: 4, firstBroken: { sequence: 5, fault: 'changed' } });
    const dropped = await verifyAuditChain(rows.toSpliced(4, 1), head);
    assert.deepEqual(dropped, { ok: false, entries: 4, firstBroken: { sequence: 5, fault: 'missing' } });
  });

  test('stays one chain under a crowd of writers', async () => {
    const pki = shared();
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        pki
          .issueFor(`test-crowd-${i}`)
          .then(({ certificateId }) => pki.call('DELETE', `${path}${certificateId}/revoke?reason=superseded`)),
      ),
    );
    const rows = (await auditLog(pki)).map(toRow);
    assert.deepEqual(await verifyAuditChain(rows, rows.at(-1)!), { ok: true, entries: rows.length });
    assert.deepEqual(
      rows.map(({ sequence }) => sequence),
      rows.map((_, i) => i + 1),
    );
  });

  test('is found by service, action, certificate and time', async () => {
    const pki = shared();
    clock.advance(1000);
    const since = new Date(clock.now()).toISOString();
    const leaf = await pki.issueFor('clara-backend');
    // CRLs fall due whenever the clock says so.
    const found = async (query: string) =>
      (await auditLog(pki, query)).map(({ action }) => action).filter((action) => action !== 'publish-crl');
    assert.deepEqual(await found(`&since=${since}`), ['request']);
    assert.deepEqual(await found(`&certificate_id=${leaf.certificateId}`), ['request']);
    assert.deepEqual(await found(`&since=${since}&action=request&service=admin-cli`), ['request']);
    assert.deepEqual(await found(`&since=${since}&service=clara-backend`), [], 'it was the administrator who asked');
    assert.ok(!(await auditLog(pki, `&until=${since}`)).some(({ timestamp }) => timestamp > since));
  });

  test('is for administrators', async () => {
    const service = await shared().issueFor('vpb-backend');
    assertProblem(await shared().call('GET', '/api/v1/audit', { as: service }), 'forbidden');
    assertProblem(await shared().call('GET', '/api/v1/audit', { as: null }), 'unauthorized');
  });

  test('asks for times and cursors that are some', async () => {
    const get = (query: string) => shared().call('GET', `/api/v1/audit?${query}`);
    for (const [field, value] of [
      ['since', 'yesterday'],
      ['since', '2026-99-99T00:00:00Z'],
      ['until', '2026-02-30T25:00:00Z'],
      ['cursor', '0'],
      ['cursor', 'AAAA'],
      ['limit', '501'],
    ] as const) {
      assertProblem(await get(`${field}=${value}`), 'malformed', field);
    }
  });
});
