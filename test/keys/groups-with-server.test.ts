import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldEncryption, GroupKeys, PKIKeyProvider, type ProviderSettings } from '@vcc-pki/key-provider';
import { allowService, configureAll } from '../support/configure.ts';
import { postgresUrl } from '../support/databases.ts';
import { groupPath } from '../support/kek-consumer.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';
import { unrulyProxy } from './unruly-proxy.ts';
import { until } from './until.ts';

const line = 'themis-main';
const group = { line, tenant: 'acme', group: 'doctors' };
const place = { collection: 'patients', field: 'finding', documentId: 'p-17' };
const settings: ProviderSettings = {
  ...{ startSpreadMs: 0, kem: 'X25519' },
  cache: { pollMs: 60_000, pollAfterFailureMs: 100, inFlightTimeoutMs: 2_000 },
};

/** A service as its developer writes it. */
async function service(t: Lifetime, pki: RunningPki, name: string, port = pki.port) {
  const { cert, key } = await pki.issueFor(name);
  const tls = { certificatePem: cert, keyPem: key, trustedPem: pki.rootPem };
  const provider = PKIKeyProvider.at(`https://localhost:${port}`, tls, settings);
  t.after(() => provider.close());
  await provider.bootstrap();
  const groups = new GroupKeys({ tenant: 'acme', groups: await provider.groups(line, 'acme') });
  const access = groups.forReEncryption('doctors');
  const fields = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  return {
    provider,
    groups,
    epoch: () => groups.status()['g:doctors']?.epoch,
    encrypt: (text: string) => fields.encrypt({ ...place, access }, text),
    decrypt: async (record: Uint8Array) => Buffer.from(await fields.decrypt({ ...place, access }, record)).toString(),
  };
}

const services = ['themis', 'veritas', 'covina'] as const;

async function groupOfTwo(t: Lifetime, databaseUrl?: string): Promise<RunningPki> {
  const grants = `keks: { ${line}: [read, write] }`;
  const configure = configureAll(...services.map((name) => allowService(name, grants)));
  const pki = await runningPki(t, { configure, databaseUrl });
  const { tenant, group: name } = group;
  for (const [method, path, body] of [
    ['POST', '/api/v1/keks', { line }],
    ['POST', `/api/v1/keks/${line}/groups`, { tenant, group: name }],
    ['PUT', `${groupPath(group)}/members/themis`],
    ['PUT', `${groupPath(group)}/members/veritas`],
  ] as const) {
    const answer = await pki.call(method, path, { body });
    assert.ok(answer.status < 300, answer.text);
  }
  return pki;
}

for (const [database, urlOf] of [
  ['SQLite', async () => undefined],
  ['PostgreSQL', postgresUrl],
] as const) {
  test(`a removal reaches everybody within a second, and the group goes on without it (${database})`, async (t) => {
    const pki = await groupOfTwo(t, await urlOf(t));
    const [themis, veritas, covina] = [
      await service(t, pki, 'themis'),
      await service(t, pki, 'veritas'),
      await service(t, pki, 'covina'),
    ];
    const first = themis.encrypt('abc');
    assert.equal(await veritas.decrypt(first), 'abc');
    // It holds the same KEK, and is no member.
    assert.equal((await covina.provider.getKEK(line)).version, 1);
    await assert.rejects(covina.decrypt(first), { code: 'GROUP_DENIED' });

    const removed = await pki.call('DELETE', `${groupPath(group)}/members/veritas`);
    assert.equal(removed.status, 200, removed.text);
    const withdrawnMs = await until('withdrawn', () => veritas.epoch() === undefined);
    const followedMs = await until('written with the new key', () => themis.epoch() === 2);
    assert.ok(withdrawnMs < 1_000, `${withdrawnMs} ms`);
    t.diagnostic(`withdrawn after ${Math.round(withdrawnMs)} ms, followed after ${Math.round(followedMs)} ms more`);
    assert.throws(() => veritas.encrypt('abc'), { code: 'GROUP_DENIED' });
    await assert.rejects(veritas.decrypt(first), { code: 'GROUP_DENIED' });
    const second = themis.encrypt('def');
    assert.equal(Buffer.from(second).readUInt32BE(12), 2);
    assert.deepEqual([await themis.decrypt(first), await themis.decrypt(second)], ['abc', 'def']);

    // Who is added later reads all epochs, without a restart.
    await pki.call('PUT', `${groupPath(group)}/members/covina`);
    await until('added', () => covina.epoch() === 2);
    assert.deepEqual([await covina.decrypt(first), await covina.decrypt(second)], ['abc', 'def']);
    assert.deepEqual(
      covina.provider.status().groups.map(({ group: name, mode, isInMemory }) => [name, mode, isInMemory]),
      [['g:doctors', 'sealed', true]],
    );
    const third = await pki.call('POST', `${groupPath(group)}/epochs`);
    assert.equal(third.status, 201, third.text);
    await until('the third epoch', () => themis.epoch() === 3 && covina.epoch() === 3);
    assert.equal(await covina.decrypt(themis.encrypt('ghi')), 'ghi');
  });
}

test('an outage stops nobody inside the limits, and what happened meanwhile counts as soon as it is over', async (t) => {
  const pki = await groupOfTwo(t);
  const proxy = await unrulyProxy(t, pki.port);
  const themis = await service(t, pki, 'themis');
  const veritas = await service(t, pki, 'veritas', proxy.port);
  proxy.set('cut');
  const record = veritas.encrypt('abc');
  assert.equal(await themis.decrypt(record), 'abc');
  await pki.call('DELETE', `${groupPath(group)}/members/veritas`);
  await until('followed', () => themis.epoch() === 2);
  // It cannot know, and what is new it cannot read.
  assert.equal(await veritas.decrypt(veritas.encrypt('def')), 'def');
  await assert.rejects(veritas.decrypt(themis.encrypt('ghi')), { code: 'GROUP_DENIED' });
  proxy.set('pass');
  await until('withdrawn', () => veritas.epoch() === undefined);
  assert.throws(() => veritas.encrypt('abc'), { code: 'GROUP_DENIED' });

  // What was delivered before a restart of the server is delivered after it.
  await pki.restart();
  const late = await service(t, pki, 'themis');
  assert.equal(await late.decrypt(record), 'abc');
});
