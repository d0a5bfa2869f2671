import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApiConnection, CertificateFiles, CertificateKeeper, ClientError, type RenewalFailure } from '@vcc-pki/client';
import { relayTo } from '../cli/support/relay.ts';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { runProgram } from '../support/run-program.ts';
import { runningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { installFor } from './support/install-for.ts';

const pki = sharedPki(() => ({
  configure: (_name, text) => text.replaceAll('max_certificates: 3', 'max_certificates: 50'),
}));

const impatient = { connectTimeoutMs: 1000, answerTimeoutMs: 300, retry: { attempts: 2, baseMs: 20 } } as const;

async function keeperAt(t: { after(f: () => unknown): void }, pkiServerUrl: string, now = Date.now()) {
  const clock = manualClock(now);
  const folder = await temporaryDirectory(t);
  const files = CertificateFiles.inFolder(folder);
  const first = await installFor(pki(), 'veritas-backend', files, { validity_hours: 24 });
  const keeper = new CertificateKeeper({
    ...{ serviceId: 'veritas-backend', pkiServerUrl, files, clock, request: { validityHours: 24 } },
    connection: impatient,
  });
  t.after(() => keeper.stop());
  await keeper.ensure();
  return { keeper, clock, files, folder, first };
}

test('a server that never answers costs its timeouts, and the certificate stays', async (t) => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  await once(silent, 'listening');
  const { keeper, clock, first } = await keeperAt(t, `https://localhost:${(silent.address() as AddressInfo).port}`);
  clock.advance(keeper.status.renewAt! - clock.now());
  const unreachable = once(keeper, 'serverUnreachable');
  const failed = once(keeper, 'renewalFailed') as Promise<[RenewalFailure]>;
  await keeper.check();
  await unreachable;
  const [{ error, nextAttemptAt }] = await failed;
  assert.equal((error as ClientError).code, 'cannotConnect');
  assert.ok(nextAttemptAt < clock.now() + hourMs);
  assert.deepEqual([keeper.current?.certificateId, keeper.status.state], [first.certificate_id, 'due']);
});

test('a line that is cut while the answer is on its way: the next attempt gets the same certificate, issued once', async (t) => {
  const relay = await relayTo(pki().port, t);
  const { keeper, clock } = await keeperAt(t, `https://localhost:${relay.port}`);
  const before = await issued();
  clock.advance(keeper.status.renewAt! - clock.now());
  const renewal = keeper.renew();
  const cutter = setInterval(() => relay.cut(), 40);
  setTimeout(() => clearInterval(cutter), 400);
  await renewal.catch(() => {});
  clearInterval(cutter);
  while (keeper.status.counters.renewals === 0) {
    clock.advance(hourMs / 4);
    await keeper.check();
  }
  assert.equal((await issued()) - before, 1);
});

async function issued(): Promise<number> {
  const answer = await pki().call('GET', '/api/v1/certificates/?service=veritas-backend&limit=500');
  return (answer.json() as { items: unknown[] }).items.length;
}

test('a full disk changes nothing, and a renewal that is tried again comes to its end', async (t) => {
  const { folder, files, first, keeper } = await keeperAt(t, pki().apiUrl);
  const program = fileURLToPath(new URL('support/renew-on-full-disk.ts', import.meta.url));
  // Files of this process may not grow beyond nothing: every write fails, as on a full disk.
  const script = 'ulimit -f 0; exec "$0" --conditions=@vcc-pki/source "$@"';
  const { stdout } = await runProgram('/bin/sh', ['-c', script, process.execPath, program, folder, pki().apiUrl], {});
  assert.equal(stdout.trim(), 'fileUnwritable');
  assert.equal((await files.load())?.certificatePem, first.certificate_pem);
  const renewed = await keeper.renew();
  assert.notEqual(renewed.certificateId, first.certificate_id);
});

test('a folder where nothing can be put: the old pair stays, and what had come is put in place later', async (t) => {
  const { folder, files, first, keeper } = await keeperAt(t, pki().apiUrl);
  await rm(join(folder, 'previous'), { recursive: true, force: true });
  await writeFile(join(folder, 'previous'), 'in the way');
  await assert.rejects(keeper.renew(), (error) => error instanceof ClientError && error.code === 'fileUnwritable');
  assert.equal(await readFile(files.paths.cert, 'utf8'), first.certificate_pem);
  assert.equal(keeper.current?.certificateId, first.certificate_id);
  await rm(join(folder, 'previous'));
  const kept = await keeper.ensure();
  assert.notEqual(kept.certificateId, first.certificate_id);
  assert.equal((await files.load())?.certificatePem, kept.certificatePem);
});

test('a clock that went ahead by more than the certificate has: the server knows better, and says so', async (t) => {
  const { keeper, clock } = await keeperAt(t, pki().apiUrl);
  clock.advance(25 * hourMs);
  const skew = once(keeper, 'clockSkew') as Promise<[{ now: number; serverNow: number }]>;
  await keeper.check();
  const [{ now, serverNow }] = await skew;
  assert.ok(now - serverNow > 24 * hourMs);
  assert.equal(keeper.status.counters.renewals, 1);
});

test('a server whose certificate is not valid yet: the error names both clocks', async (t) => {
  const clock = manualClock(Date.now() + 3 * hourMs);
  const ahead = await runningPki(t, { clock });
  const connection = new ApiConnection({ origin: ahead.apiUrl, trustedPem: ahead.rootPem });
  t.after(() => connection.close());
  await assert.rejects(connection.call('getHealth'), (error) => {
    assert.ok(error instanceof ClientError);
    assert.equal(error.code, 'clockSkew');
    assert.equal(error.message.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g)?.length, 2);
    return true;
  });
});

test('what asks for plain HTTP is refused before a packet leaves', () => {
  for (const origin of ['http://localhost:8080', 'localhost', 'https://localhost:8443/api', 'https://u:p@localhost']) {
    assert.throws(() => new ApiConnection({ origin, trustedPem: '' }), TypeError, origin);
  }
});
