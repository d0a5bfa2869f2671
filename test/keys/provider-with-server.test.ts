import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KekResource } from '@vcc-pki/api';
import { ApiConnection } from '@vcc-pki/client';
import { PKIKeyProvider, type ProviderSettings } from '@vcc-pki/key-provider';
import { allowService } from '../support/configure.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';
import { RestlessEncryptor } from './restless-encryptor.ts';
import { type UnrulyProxy, unrulyProxy } from './unruly-proxy.ts';
import { until } from './until.ts';

const line = 'themis-main';
/** An outage that would take days, in seconds. */
const hardTtlMs = 1_000;
const encryptGraceMs = 2_000;
const settings: ProviderSettings = {
  ...{ startSpreadMs: 0, kem: 'X25519' },
  cache: {
    ...{ hardTtlMs, softTtlMs: 500, pollMs: 100, pollAfterFailureMs: 100, inFlightTimeoutMs: 500 },
    offline: { enabled: true, encryptGraceMs },
  },
};

interface Scene {
  readonly pki: RunningPki;
  readonly proxy: UnrulyProxy;
  readonly provider: PKIKeyProvider;
  readonly connection: ApiConnection;
  readonly encryptor: RestlessEncryptor;
  readonly first: KekResource;
  change(id: string, action: string, force?: boolean): Promise<KekResource>;
}

async function scene(t: Lifetime): Promise<Scene> {
  const pki = await runningPki(t, { configure: allowService('themis', 'keks: { themis-main: [read, write] }') });
  const made = await pki.call('POST', '/api/v1/keks', { body: { line } });
  assert.equal(made.status, 201, made.text);
  const { cert, key } = await pki.issueFor('themis');
  const proxy = await unrulyProxy(t, pki.port);
  const connection = new ApiConnection({
    origin: `https://localhost:${proxy.port}`,
    trustedPem: pki.rootPem,
    client: { certificatePem: cert, keyPem: key },
    retry: { attempts: 1 },
  });
  const provider = PKIKeyProvider.over(connection, settings);
  const encryptor = new RestlessEncryptor(provider, { line, limitMs: hardTtlMs + encryptGraceMs });
  t.after(async () => {
    await encryptor.stop();
    proxy.set('pass');
    await provider.close();
    await connection.close();
  });
  await provider.bootstrap();
  encryptor.start();
  return {
    ...{ pki, proxy, provider, connection, encryptor },
    first: made.json() as KekResource,
    change: async (id, action, force = false) => {
      const answer = await pki.call('POST', `/api/v1/keks/${id}/change`, { body: { action, force } });
      assert.equal(answer.status, 200, answer.text);
      return answer.json() as KekResource;
    },
  };
}

test('outages: writes go on inside the limits, stop at them, and recover by themselves', async (t) => {
  const { pki, proxy, provider, encryptor } = await scene(t);
  const condition = (): string => provider.status().condition;
  const refused = (): boolean => encryptor.refusals.at(-1) === 'OFFLINE_LIMIT';
  await until('ready', () => condition() === 'ready');
  assert.equal(encryptor.refusals.length, 0);

  for (const mood of ['cut', 'freeze'] as const) {
    encryptor.refusals.length = 0;
    proxy.set(mood);
    await until(`${mood}: offline`, () => condition() === 'offline');
    assert.deepEqual(encryptor.refusals, [], mood);
    await until(`${mood}: at the limit`, refused);
    assert.equal(condition(), 'degraded');
    proxy.set('pass');
    await until(`${mood}: well again`, () => condition() === 'ready');
  }

  // The server is gone and comes back, within the limits.
  encryptor.refusals.length = 0;
  const before = encryptor.done;
  await pki.restart();
  await until('well after a restart', () => condition() === 'ready' && encryptor.done > before);

  proxy.set('slow');
  await sleep(600);
  proxy.set('pass');
  assert.deepEqual(encryptor.wrongs, []);
});

test('a rotation and a compromise reach writers within a second, and no write fails in a rotation', async (t) => {
  const { pki, provider, encryptor, first, change } = await scene(t);
  const made = await pki.call('POST', `/api/v1/certificates/${first.id}/rotate`, {});
  assert.equal(made.status, 201, made.text);
  const second = made.json() as KekResource;
  await until('the new version is in memory', () =>
    (provider.status().lines[0]?.versions ?? []).some(({ id, isInMemory }) => id === second.id && isInMemory),
  );
  await until('it is acknowledged', () => provider.hasAcknowledged(line));
  // Not forced: the server believes the acknowledgement.
  await change(second.id, 'promote');
  const promotedMs = await until('written with', () => encryptor.version === 2);
  assert.ok(promotedMs < 1_000, `${promotedMs} ms`);
  assert.deepEqual(encryptor.refusals, []);
  assert.equal((await provider.byVersion(first.line_id, 1)).version, 1);

  await change(first.id, 'compromise');
  const revokedMs = await until('refused', () => {
    const version = provider.status().lines[0]?.versions.find(({ id }) => id === first.id);
    return version?.isRevoked === true;
  });
  assert.ok(revokedMs < 1_000, `${revokedMs} ms`);
  await assert.rejects(async () => provider.byVersion(first.line_id, 1), { code: 'KEK_REVOKED' });
  assert.equal((await provider.forReEncryption().byVersion(first.line_id, 1)).version, 1);
  // The primary one: the server puts another in its place first, and nothing is written under it again.
  const third = await change(second.id, 'compromise');
  assert.equal(third.id, second.id);
  await until('refused', () => provider.status().lines[0]?.primary !== second.id);
  await until('written with the next', () => encryptor.version === 3);
  t.diagnostic(`promotion seen after ${Math.round(promotedMs)} ms, revocation after ${Math.round(revokedMs)} ms`);
  assert.deepEqual(encryptor.wrongs, []);
});

test('a service certificate that ends in the middle is an outage until there is a new one', async (t) => {
  const { pki, provider, connection, encryptor } = await scene(t);
  const { items } = (await pki.call('GET', '/api/v1/certificates?service=themis')).json() as {
    items: { certificate_id: string }[];
  };
  const id = items[0]?.certificate_id;
  const revoked = await pki.call('DELETE', `/api/v1/certificates/${id}/revoke?reason=superseded`);
  assert.equal(revoked.status, 200, revoked.text);
  await until('offline', () => provider.status().condition === 'offline');
  assert.deepEqual(encryptor.refusals, []);
  const { cert, key } = await pki.issueFor('themis');
  connection.useIdentity({ certificatePem: cert, keyPem: key });
  await until('well again', () => provider.status().condition === 'ready');
  assert.deepEqual(encryptor.wrongs, []);
});
