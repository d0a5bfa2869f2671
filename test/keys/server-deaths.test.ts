import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KekResource } from '@vcc-pki/api';
import { PKIKeyProvider, type ProviderEvents } from '@vcc-pki/key-provider';
import { allowService } from '../support/configure.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { runningPki } from '../support/running-pki.ts';
import { RestlessEncryptor } from './restless-encryptor.ts';
import { until } from './until.ts';

const line = 'themis-main';
const hardTtlMs = 2_000;
const encryptGraceMs = 60_000;

/** A service over a server that runs in a process of its own, on the folder of a PKI. */
async function setUp(t: Lifetime) {
  const pki = await runningPki(t, { configure: allowService('themis', 'keks: { themis-main: [read, write] }') });
  const made = await pki.call('POST', '/api/v1/keks', { body: { line } });
  assert.equal(made.status, 201, made.text);
  const { cert, key } = await pki.issueFor('themis');
  await pki.server().close();
  let child: ChildProcess | undefined;
  const start = async (): Promise<ChildProcess> => {
    const plan = { directory: pki.directory, passphrase: new TextDecoder().decode(pki.passphrase) };
    const options = { execArgv: ['--conditions=@vcc-pki/source'] };
    const started = fork(new URL('./server-process.ts', import.meta.url), [JSON.stringify(plan)], options);
    child = started;
    await once(started, 'message');
    return started;
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const freeze = (signal: 'SIGSTOP' | 'SIGCONT'): void => void child?.kill(signal);
  t.after(kill);
  await start();
  const tls = { certificatePem: cert, keyPem: key, trustedPem: pki.rootPem };
  const cache = {
    ...{ hardTtlMs, softTtlMs: 1_000, pollMs: 200, pollAfterFailureMs: 200, inFlightTimeoutMs: 1_000 },
    offline: { enabled: true, encryptGraceMs },
  };
  const provider = PKIKeyProvider.at(pki.apiUrl, tls, { startSpreadMs: 0, kem: 'X25519', cache });
  const told = new Set<keyof ProviderEvents>();
  for (const name of ['wentBack', 'lost', 'recovered', 'stale'] as const)
    provider.events.on(name, () => told.add(name));
  const encryptor = new RestlessEncryptor(provider, { line, limitMs: hardTtlMs + encryptGraceMs });
  t.after(async () => {
    await encryptor.stop();
    await provider.close();
  });
  await provider.bootstrap();
  encryptor.start();
  const post = async (path: string, body: unknown): Promise<KekResource> => {
    const answer = await pki.call('POST', `/api/v1/keks/${path}`, { body });
    assert.ok(answer.status < 300, answer.text);
    return answer.json() as KekResource;
  };
  const rotate = async (): Promise<KekResource> => {
    const next = await post(`${line}/rotate`, {});
    return post(`${next.id}/change`, { action: 'promote', force: true });
  };
  return {
    ...{ pki, start, kill, freeze, provider, encryptor, told, rotate },
    lineId: (made.json() as KekResource).line_id,
  };
}

test('a server that is frozen, killed and restored from a backup costs no write', { timeout: 120_000 }, async (t) => {
  const { pki, start, kill, freeze, provider, encryptor, told, rotate, lineId } = await setUp(t);
  const isReady = (): boolean => provider.status().condition === 'ready';
  await until('ready', isReady);

  // Frozen: connections stand, nothing comes.
  freeze('SIGSTOP');
  await until('offline', () => provider.status().condition === 'offline');
  freeze('SIGCONT');
  await until('well after the frost', isReady);

  // Killed in the middle of whatever it did.
  await kill();
  await until('offline', () => provider.status().condition === 'offline');
  await start();
  await until('well after the kill', isReady);

  // A backup is made, a version is lost with what came after it.
  await kill();
  const [database, backup] = [join(pki.directory, 'database'), join(pki.directory, 'backup')];
  await cp(database, backup, { recursive: true });
  await start();
  const second = await rotate();
  await until('written with the second', () => encryptor.version === 2);
  await kill();
  await rm(database, { recursive: true });
  await cp(backup, database, { recursive: true });
  await start();
  await until('noticed', () => told.has('wentBack'));
  const held = provider.primary(line);
  assert.equal(held.version, 2);
  // The number of the version that was lost is given again, to another key: nobody who has the first one takes it.
  const again = await rotate();
  assert.equal(again.id, second.id);
  await provider.onKEKRotation();
  assert.equal(provider.primary(line), held);
  await rotate();
  await until('followed', () => isReady() && encryptor.version === 3);
  assert.ok(told.has('lost'));
  assert.equal(await provider.byVersion(lineId, 2), held);
  assert.equal((await provider.byVersion(lineId, 1)).version, 1);

  assert.deepEqual(encryptor.refusals, []);
  assert.deepEqual(encryptor.wrongs, []);
});
