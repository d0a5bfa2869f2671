import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { PKIClient } from '@vcc-pki/client';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { runningPki } from '../support/running-pki.ts';
import { enrolledClient } from './support/two-clients.ts';

test('a peer that is revoked is refused, and cut off where it is connected', async (t) => {
  const pki = await runningPki(t);
  const veritas = await enrolledClient(t, pki, 'veritas-backend');
  const covina = await enrolledClient(t, pki, 'covina-backend');
  await covina.registerService({ serviceName: 'COVINA', serviceType: 'backend', endpoints: [] });
  const server = createServer(veritas.serverTlsOptions(), (request, response) => {
    response.end(veritas.peerOf(request)?.serviceId);
  });
  t.after(() => server.close());
  const following = once(veritas, 'feedConnected');
  veritas.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await following;
  const toVeritas = covina.createTlsContextForService('veritas-backend');
  const url = `https://127.0.0.1:${port}/`;
  assert.equal(await (await toVeritas.fetch(url)).text(), 'covina-backend');
  const open = await toVeritas.connect({ host: '127.0.0.1', port });
  open.on('error', () => {});
  const closed = once(open, 'close');
  const cut = once(veritas, 'connectionsCut');

  const path = `/api/v1/certificates/${covina.certificate.certificateId}/revoke`;
  assert.equal((await pki.call('DELETE', path, { body: { reason: 'keyCompromise' } })).status, 200);
  const revokedAt = performance.now();
  await Promise.all([cut, closed]);
  // The promise is a second (bench/fleet measures it); a loaded machine gets more here.
  assert.ok(performance.now() - revokedAt < 5000);
  t.diagnostic(`cut off ${Math.round(performance.now() - revokedAt)} ms after the answer`);
  assert.ok(veritas.status.connectionsCut >= 1);

  const refused = once(veritas, 'peerRefused') as Promise<[Error & { code: string }]>;
  await assert.rejects(toVeritas.fetch(url));
  assert.equal((await refused)[0].code, 'peerRevoked');
});

test('without fresh news nobody is let in, after the grace and not before; after a start from the disk too', async (t) => {
  const pki = await runningPki(t);
  const clock = manualClock();
  const veritas = await enrolledClient(t, pki, 'veritas-backend', { clock, revocation: { graceSeconds: 3600 } });
  const covina = await enrolledClient(t, pki, 'covina-backend');
  const der = new Uint8Array(Buffer.from(covina.certificate.certificatePem.replace(/-----.*-----/g, ''), 'base64'));
  assert.equal(veritas.checkPeer(der).serviceId, 'covina-backend');
  const freshUntil = veritas.status.revocationFreshUntil!;
  await pki.server().close();

  clock.advance(freshUntil - clock.now() + hourMs / 2);
  assert.equal(veritas.checkPeer(der).serviceId, 'covina-backend');
  clock.advance(hourMs);
  assert.throws(() => veritas.checkPeer(der), { code: 'revocationUnknown' });

  await t.test('a restart while the server is down goes by what is on the disk', async () => {
    const { folder, options } = { folder: folderOf(veritas), options: { serviceId: 'veritas-backend' } };
    const again = new PKIClient({ ...options, pkiServerUrl: pki.apiUrl, folder });
    t.after(() => again.close());
    const stale = once(again, 'revocationStale');
    await again.ensureCertificate();
    await stale;
    assert.equal(again.checkPeer(der).serviceId, 'covina-backend');
  });
});

function folderOf(client: PKIClient): string {
  return client.paths.cert.replace(/[/\\]cert\.pem$/, '');
}

test('a policy beyond its limits is refused', () => {
  const options = { serviceId: 'veritas-backend', pkiServerUrl: 'https://localhost:8443', folder: '/nowhere' };
  for (const revocation of [{ graceSeconds: 86_401 }, { longestSeconds: 604_801 }, { graceSeconds: -1 }]) {
    assert.throws(() => new PKIClient({ ...options, revocation }), RangeError);
  }
});

test('the metrics tell which revision is held, how old it is, and until when it counts', async (t) => {
  const pki = await runningPki(t);
  const clock = manualClock();
  const veritas = await enrolledClient(t, pki, 'veritas-backend', { clock });
  assert.match(veritas.metrics(), /^# TYPE vcc_pki_client_revocation_revision gauge$/m);
  const measured = (name: string): { issuer: string; value: number } => {
    const [, issuer = '', value] =
      new RegExp(`^${name}\\{issuer="([0-9a-f]{40})"\\} (.+)$`, 'm').exec(veritas.metrics()) ?? [];
    return { issuer, value: Number(value) };
  };
  const before = measured('vcc_pki_client_revocation_revision');
  const { issuer_id } = (await pki.call('GET', '/api/v1/certificates/veritas-backend')).json() as { issuer_id: string };
  assert.equal(before.issuer, issuer_id);
  const end = measured('vcc_pki_client_revocation_next_update_timestamp_seconds').value;
  assert.equal(end * 1000, veritas.status.revocationFreshUntil);
  const { value: age } = measured('vcc_pki_client_revocation_age_seconds');
  clock.advance(hourMs / 2);
  assert.equal(Math.round(measured('vcc_pki_client_revocation_age_seconds').value - age), 1800);
  assert.match(veritas.metrics(), /^vcc_pki_client_change_feed_connected 0$/m);

  const following = once(veritas, 'feedConnected');
  t.after(veritas.watch(() => {}));
  await following;
  const covina = await pki.issueFor('covina-backend');
  const path = `/api/v1/certificates/${covina.certificateId}/revoke`;
  assert.equal((await pki.call('DELETE', path, { body: { reason: 'keyCompromise' } })).status, 200);
  for (let tries = 0; measured('vcc_pki_client_revocation_revision').value <= before.value; tries += 1) {
    assert.ok(tries < 400, 'the revision stays');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.match(veritas.metrics(), /^vcc_pki_client_change_feed_connected 1$/m);
});
