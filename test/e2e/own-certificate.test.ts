import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { Agent } from 'undici';
import { auditLog } from '../support/audit-log.ts';
import { callThrough } from '../support/call-api.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';

/** The certificate that a new handshake shows; it verifies for the name that clients use, or this throws. */
async function shownCertificate({ port, rootPem }: RunningPki, servername = 'localhost'): Promise<X509Certificate> {
  const socket = connect({ port, host: '127.0.0.1', servername, ca: rootPem });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  assert.ok(certificate);
  return certificate;
}

async function untilAnother(pki: RunningPki, old: X509Certificate): Promise<X509Certificate> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const shown = await shownCertificate(pki);
    if (shown.serialNumber !== old.serialNumber) return shown;
    if (performance.now() > deadline) throw new Error('the server still shows its old certificate');
    await delay(20);
  }
}

test('the server renews its own certificate and swaps it under open connections', async (t) => {
  // In the past, so that the certificates of before and after are both good for clients, whose clock is the real one.
  const clock = manualClock(Date.now() - 21 * dayMs);
  const pki = await runningPki(t, { clock, server: { housekeepingIntervalMs: 20 } });
  const first = await shownCertificate(pki);
  const agent = new Agent({ connections: 1, connect: { ca: pki.rootPem, cert: pki.admin.cert, key: pki.admin.key } });
  t.after(() => agent.close());
  let connections = 0;
  agent.on('connect', () => {
    connections += 1;
  });
  const onOpenConnection = () => callThrough(agent, `${pki.apiUrl}/api/v1/certificates`, { method: 'GET' });
  assert.equal((await onOpenConnection()).status, 200);

  clock.advance(19 * dayMs);
  await delay(100);
  assert.equal((await shownCertificate(pki)).serialNumber, first.serialNumber, 'two thirds of its life are not over');

  clock.advance(1.5 * dayMs);
  const second = await untilAnother(pki, first);
  assert.equal((await onOpenConnection()).status, 200);
  assert.equal(connections, 1);
  assert.notEqual(
    second.publicKey.export({ format: 'pem', type: 'spki' }),
    first.publicKey.export({ format: 'pem', type: 'spki' }),
  );
  assert.equal(second.subjectAltName, first.subjectAltName);

  const keyFile = join(pki.directory, 'server/pki_server_key.pem');
  const onDisk = new X509Certificate(await readFile(join(pki.directory, 'server/pki_server_cert.pem')));
  assert.equal(onDisk.serialNumber, second.serialNumber);
  if (process.platform !== 'win32') assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  await pki.restart();
  assert.equal((await shownCertificate(pki)).serialNumber, second.serialNumber, 'a restart keeps it');
  const issued = (await auditLog(pki, '&service=pki-server')).map(({ action }) => action);
  assert.deepEqual(issued, ['request', 'request']);
});

test('the server makes its certificate anew where it is missing, half replaced, or for other names', async (t) => {
  const pki = await runningPki(t);
  const first = await shownCertificate(pki);

  await rm(join(pki.directory, 'server/pki_server_cert.pem'));
  await pki.restart();
  const second = await shownCertificate(pki);
  assert.notEqual(second.serialNumber, first.serialNumber);

  const config = join(pki.directory, 'config/pki_config.yaml');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('dns_names: [localhost]', 'dns_names: [localhost, pki.vcc.local]'));
  await pki.restart();
  const third = await shownCertificate(pki, 'pki.vcc.local');
  assert.match(`${third.subjectAltName}`, /DNS:pki\.vcc\.local/);
  await writeFile(config, text);
  await pki.restart();
  assert.equal((await shownCertificate(pki)).subjectAltName, first.subjectAltName, 'a name that is lost is given up');

  await writeFile(join(pki.directory, 'server/pki_server_key.pem'), pki.admin.key);
  await pki.restart();
  await shownCertificate(pki);
});
