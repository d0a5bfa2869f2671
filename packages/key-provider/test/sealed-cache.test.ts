import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FieldEncryption, GroupKeys, PKIKeyProvider } from '../src/index.ts';
import {
  codeOf,
  eventually,
  hourMs,
  type ProviderScene,
  startedProvider,
  untilAsked,
} from './support/provider-scene.ts';

const line = 'themis-main';

/** A provider with a file, and another one that starts later on it. */
async function sceneOnDisk(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'vcc-pki-sealed-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'keks.sealed');
  const scene = await startedProvider({ sealedCacheFile: file, cache: { offline: { enabled: true } } });
  await eventually(() => scene.authority.reports.length > 0);
  const restart = (change: { identity?: ProviderScene['authority']['identity'] } = {}): PKIKeyProvider =>
    new PKIKeyProvider({
      server: scene.authority,
      identity: () => change.identity ?? scene.authority.identity,
      trustedPem: scene.authority.trustedPem,
      ...{
        time: scene.time,
        kem: 'X25519',
        startSpreadMs: 0,
        startTimeoutMs: 0,
        random: () => 0.5,
        sealedCacheFile: file,
      },
      cache: { offline: { enabled: true } },
    });
  return { ...scene, file, restart };
}

test('a start while the server is down goes on with what is on disk, as old as it is, and follows when it is back', async (t) => {
  const { provider, authority, time, restart } = await sceneOnDisk(t);
  await provider.close();
  authority.failure = new Error('no server');
  time.pass(5 * hourMs);
  const second = restart();
  t.after(() => second.close());
  await second.bootstrap();
  assert.equal(second.primary(line).version, 1);
  assert.equal(second.status().lines[0]?.versions[0]?.ageMs, 5 * hourMs);
  time.pass(43 * hourMs);
  assert.equal(await codeOf(() => second.primary(line)), 'OFFLINE_LIMIT');
  authority.failure = undefined;
  await untilAsked({ time, authority });
  await eventually(() => second.status().condition === 'ready');
});

test('the file is of no use to another key, nor when a bit of it was changed, and holds no key in the clear', async (t) => {
  const { provider, authority, file, restart } = await sceneOnDisk(t);
  const secret = provider.primary(line).withRoot((root) => Buffer.from(root));
  const sealed = await readFile(file);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.ok(!sealed.includes(secret) && !sealed.includes(secret.toString('base64')));
  await provider.close();
  authority.failure = new Error('no server');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = restart({ identity: { ...authority.identity, privateKey } });
  assert.equal(await codeOf(() => stranger.bootstrap()), 'KEK_UNAVAILABLE');
  const damaged = Buffer.from(sealed);
  damaged[100] = (damaged[100] ?? 0) ^ 1;
  await writeFile(file, damaged);
  assert.equal(await codeOf(() => restart().bootstrap()), 'KEK_UNAVAILABLE');
  await rm(file);
  assert.equal(await codeOf(() => restart().bootstrap()), 'KEK_UNAVAILABLE');
});

test('what was revoked leaves the disk too', async (t) => {
  const { provider, authority, file, restart } = await sceneOnDisk(t);
  authority.revokeInCrl('kek_1');
  authority.push();
  await eventually(() => provider.status().cachedVersions === 0 && authority.reports.length > 1);
  assert.equal(await codeOf(() => readFile(file)), 'ENOENT');
  await provider.close();
  authority.failure = new Error('no server');
  assert.equal(await codeOf(() => restart().bootstrap()), 'KEK_UNAVAILABLE');
});

test('a CRL that is over, and a clock that was set back, make the file useless', async (t) => {
  const { provider, authority, time, restart } = await sceneOnDisk(t);
  await provider.close();
  authority.failure = new Error('no server');
  time.jump(-hourMs);
  assert.equal(await codeOf(() => restart().bootstrap()), 'KEK_UNAVAILABLE');
  time.jump(26 * hourMs);
  assert.equal(await codeOf(() => restart().bootstrap()), 'KEK_UNAVAILABLE');
});

test('groups are on disk too, sealed key by key, until the service is no member any more', async (t) => {
  const { provider, authority, time, file, restart } = await sceneOnDisk(t);
  authority.groups.add('doctors');
  authority.groups.add('u:alice', 'derived');
  authority.groups.nextEpoch('doctors');
  await provider.groups(line, 'acme');
  const secrets = authority.groups.find('doctors').keys.map((key) => Buffer.from(key));
  const sealed = await readFile(file);
  for (const secret of secrets) assert.ok(!sealed.includes(secret) && !sealed.includes(secret.toString('base64')));
  const place = { collection: 'patients', field: 'finding', documentId: 1 };
  const program = async (keys: PKIKeyProvider) => {
    const groups = new GroupKeys({ tenant: 'acme', groups: await keys.groups(line, 'acme'), time });
    const access = groups.forReEncryption('doctors');
    return { fields: new FieldEncryption({ keys, line, tenant: 'acme' }), at: { ...place, access }, groups };
  };
  const before = await program(provider);
  const record = before.fields.encrypt(before.at, 'abc');
  await provider.close();

  authority.failure = new Error('no server');
  time.pass(5 * hourMs);
  const reported = authority.count('report');
  const second = restart();
  t.after(() => second.close());
  await second.bootstrap();
  // In vain, the server being down.
  await eventually(() => authority.count('report') > reported);
  const { fields, at, groups } = await program(second);
  assert.deepEqual(groups.status(), {
    'g:doctors': { mode: 'sealed', epoch: 2 },
    'u:alice': { mode: 'derived', epoch: 1 },
  });
  assert.equal(Buffer.from(await fields.decrypt(at, record)).toString(), 'abc');
  assert.equal(second.status().groups[0]?.ageMs, 5 * hourMs);
  assert.equal(await codeOf(() => second.groups(line, 'bolt')), 'KEK_UNAVAILABLE');
  time.pass(43 * hourMs);
  assert.equal(await codeOf(() => fields.encrypt(at, 'def')), 'OFFLINE_LIMIT');

  authority.groups.find('doctors').isMember = false;
  authority.failure = undefined;
  const { length: reports } = authority.reports;
  await untilAsked({ time, authority });
  // What is reported is on disk.
  await eventually(() => authority.reports.length > reports && groups.status()['g:doctors'] === undefined);
  assert.equal(await codeOf(() => fields.decrypt(at, record)), 'GROUP_DENIED');
  await second.close();
  authority.failure = new Error('no server');
  const third = restart();
  t.after(() => third.close());
  await third.bootstrap();
  assert.deepEqual([...(await third.groups(line, 'acme')).states.keys()], ['u:alice']);
});
