import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { Agent } from 'undici';
import { assertProblem } from '../support/assert-problem.ts';
import { auditLog } from '../support/audit-log.ts';
import { type CallOptions, callThrough, type Identity } from '../support/call-api.ts';
import { forgeCertificate } from '../support/forged-certificate.ts';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { runningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

const path = '/api/v1/certificates/';

describe('the gate knows nobody but whom the ledger knows', () => {
  const clock = manualClock();
  const shared = sharedPki(() => ({ clock }));
  const ask = (as: Identity | null, rest: CallOptions = {}) => shared().call('GET', path, { as, ...rest });

  test('no certificate: 401', async () => {
    assertProblem(await ask(null), 'unauthorized');
  });

  for (const signedBy of ['itself', 'anotherCa'] as const) {
    test(`a copy of a good certificate, signed by ${signedBy}: 401`, async () => {
      const good = await shared().issueFor('veritas-backend');
      assert.equal((await ask(good)).status, 200);
      assertProblem(await ask(await forgeCertificate(good.certificatePem, signedBy)), 'unauthorized');
      assertProblem(await ask(await forgeCertificate(shared().admin.cert, signedBy)), 'unauthorized');
    });
  }

  test('a certificate for servers alone does not open the door to a client (RFC 5280 s4.2.1.12): 401', async () => {
    const server = await shared().issueFor('veritas-frontend', { body: { profile: 'server' } });
    assertProblem(await ask(server), 'unauthorized');
  });

  test('expired, or not valid yet: 401 with both clocks', async () => {
    const shortLived = await shared().issueFor('covina-backend', { body: { validity_hours: 1 } });
    clock.advance(-3 * 60_000);
    const early = await ask(shortLived);
    clock.advance(3 * 60_000);
    assertProblem(early, 'unauthorized');
    assert.ok(`${early.body['server_time']}` < `${early.body['not_before']}`);
    assert.equal((await ask(shortLived)).status, 200);
    clock.advance(hourMs + 1000);
    const late = await ask(shortLived);
    assertProblem(late, 'unauthorized');
    assert.ok(`${late.body['server_time']}` > `${late.body['not_after']}`);
  });

  test('revoked: refused within one request, on the connection that is already open', async () => {
    const pki = shared();
    const client = await pki.issueFor('covina-backend');
    const agent = new Agent({ connections: 1, connect: { ca: pki.rootPem, cert: client.cert, key: client.key } });
    let connections = 0;
    agent.on('connect', () => {
      connections += 1;
    });
    const onSameConnection = () => callThrough(agent, `${pki.apiUrl}${path}`, { method: 'GET' });
    try {
      assert.equal((await onSameConnection()).status, 200);
      const { status } = await pki.call('DELETE', `${path}${client.certificateId}/revoke?reason=superseded`);
      assert.equal(status, 200);
      assertProblem(await onSameConnection(), 'unauthorized');
      assert.equal(connections, 1);
    } finally {
      await agent.close();
    }
  });

  test('a resumed TLS session is still the same client, and as revoked as it', async () => {
    const pki = shared();
    const client = await pki.issueFor('covina-backend');
    const agent = new HttpsAgent({ ca: pki.rootPem, cert: client.cert, key: client.key, keepAlive: false });
    const fetchStatus = (): Promise<{ status: number | undefined; resumed: boolean }> =>
      new Promise((resolve, reject) => {
        const request = httpsRequest(`${pki.apiUrl}${path}`, { agent }, (response) => {
          const resumed = (response.socket as TLSSocket).isSessionReused();
          response.resume().once('end', () => resolve({ status: response.statusCode, resumed }));
        });
        request.once('error', reject).end();
      });
    assert.deepEqual(await fetchStatus(), { status: 200, resumed: false });
    assert.deepEqual(await fetchStatus(), { status: 200, resumed: true });
    await pki.call('DELETE', `${path}${client.certificateId}/revoke?reason=superseded`);
    assert.deepEqual(await fetchStatus(), { status: 401, resumed: true });
    agent.destroy();
  });

  test('headers of proxies name nobody', async () => {
    const pki = shared();
    const pem = pki.admin.cert.replaceAll('\n', '');
    const der = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, '')).toString();
    const headers = {
      'x-client-cert': encodeURIComponent(pki.admin.cert),
      'client-cert': `:${der.slice(0, 200)}:`,
      'x-ssl-client-verify': 'SUCCESS',
      'x-ssl-client-s-dn': 'CN=admin-cli',
      'x-forwarded-client-cert': `By=spiffe://vcc.local/x;Subject="CN=admin-cli";URI=spiffe://vcc.local/admin-cli`,
      'x-forwarded-for': '203.0.113.9',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-request-id': 'chosen-by-the-caller',
    };
    assertProblem(await ask(null, { headers }), 'unauthorized');
    const service = await pki.issueFor('vpb-backend');
    assertProblem(await pki.call('GET', '/api/v1/audit', { as: service, headers }), 'forbidden');
    // The CRLs of revocations before are the server's own entries, written when it comes to it.
    const last = (await auditLog(pki)).findLast(({ action }) => action !== 'publish-crl');
    assert.equal(last?.service_id, 'vpb-backend');
    assert.match(`${last?.client_ip}`, /127\.0\.0\.1$/);
    assert.notEqual(last?.request_id, 'chosen-by-the-caller');
  });

  test('strangers leave nothing in the audit log, and certificates of ours do', async () => {
    const pki = shared();
    const revoked = await pki.issueFor('clara-backend');
    await pki.call('DELETE', `${path}${revoked.certificateId}/revoke?reason=superseded`);
    // The CRL that follows is an entry of its own, which a server that closes still writes.
    await pki.restart();
    const stranger = await forgeCertificate(revoked.certificatePem, 'itself');
    const before = await auditLog(pki);
    for (const as of [null, stranger]) {
      assertProblem(await ask(as), 'unauthorized');
      assertProblem(await pki.call('POST', `${path}request`, { as, body: {} }), 'unauthorized');
    }
    assert.equal((await auditLog(pki)).length, before.length);

    assertProblem(await pki.call('POST', `${path}request`, { as: revoked, body: {} }), 'unauthorized');
    const after = await auditLog(pki);
    assert.equal(after.length, before.length + 1);
    const { service_id, action, status, details } = after.at(-1)!;
    assert.deepEqual(
      [service_id, action, status, details['code']],
      ['clara-backend', 'request', 'refused', 'unauthorized'],
    );
  });
});

test('a service that has left the whitelist is known and not let in: 403', async (t) => {
  const pki = await runningPki(t);
  const veritas = await pki.issueFor('veritas-backend');
  assert.equal((await pki.call('GET', path, { as: veritas })).status, 200);
  const file = join(pki.directory, 'config/service_whitelist.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('service_id: veritas-backend', 'service_id: another'));
  await pki.restart();
  assertProblem(await pki.call('GET', path, { as: veritas }), 'forbidden');
  assertProblem(await pki.call('GET', '/metrics', { as: veritas }), 'forbidden');
});
