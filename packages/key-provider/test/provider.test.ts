import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { FieldEncryption } from '../src/index.ts';
import {
  codeOf,
  dayMs,
  eventually,
  hourMs,
  providerScene,
  settled,
  startedProvider,
  untilAsked,
} from './support/provider-scene.ts';

const line = 'themis-main';
const down = new Error('no server');

test('the start fetches what is needed, once, and encryption works from memory', async () => {
  const { provider, authority } = await startedProvider();
  assert.deepEqual(authority.calls, ['list', 'crl', 'open kek_1', 'report']);
  const encryption = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  const place = { collection: 'patients', field: 'ssn', documentId: 'p1' };
  const record = encryption.encrypt(place, 'secret');
  assert.equal(Buffer.from(await encryption.decrypt(place, record)).toString(), 'secret');
  assert.equal(authority.calls.length, 4);
  assert.equal(provider.status().condition, 'ready');
  assert.equal((await provider.getKEK(line)).version, 1);
  assert.equal((await provider.getKEK('kek_1')).version, 1);
  await provider.close();
});

test('10,000 cold calls at the same time make exactly one request for the key', async () => {
  const { provider, authority } = await providerScene();
  const handles = await Promise.all(Array.from({ length: 10_000 }, () => provider.getKEK(line)));
  assert.equal(new Set(handles).size, 1);
  assert.deepEqual([authority.count('list'), authority.count('open kek_1')], [1, 1]);
  await provider.close();
});

test('a closed provider has no keys and gives none', async () => {
  const { provider } = await startedProvider();
  const handle = await provider.getKEK(line);
  await provider.close();
  assert.equal(handle.usable, false);
  assert.equal(await codeOf(() => provider.primary(line)), 'PROVIDER_CLOSED');
  assert.equal(await codeOf(() => provider.getKEK('kek_1')), 'PROVIDER_CLOSED');
  assert.equal(provider.status().condition, 'closed');
});

test('without the server there is no start; it goes on trying until its time is up', async () => {
  const { provider, authority, time } = await providerScene({ startTimeoutMs: 20_000 });
  authority.failure = down;
  const start = codeOf(() => provider.bootstrap());
  for (let second = 0; second < 40; second += 1) await time.advance(1_000);
  assert.equal(await start, 'KEK_UNAVAILABLE');
  assert.ok(authority.calls.length >= 4);
  authority.failure = undefined;
  const [, again] = await Promise.all([untilAsked({ time, authority }), provider.bootstrap()]);
  assert.equal(again.length, 1);
  await provider.close();
});

test('an outage: fresh to 24 h, refused from then on without offline mode, and well again by itself', async () => {
  const { provider, authority, time, told } = await startedProvider();
  authority.crlDays = 30;
  await provider.onKEKRotation();
  const confirmedMs = time.now();
  authority.failure = down;
  const ageMs = provider.status().lines[0]?.versions[0]?.ageMs ?? 0;
  time.pass(dayMs - ageMs - 1);
  assert.equal(provider.primary(line).version, 1);
  time.pass(1);
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_STALE');
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'KEK_STALE');
  assert.equal(provider.status().condition, 'degraded');
  authority.failure = undefined;
  await untilAsked({ time, authority });
  await eventually(() => told.includes('recovered'));
  assert.equal(provider.primary(line).version, 1);
  assert.equal(provider.status().condition, 'ready');
  assert.ok(time.now() > confirmedMs);
  await provider.close();
});

test('offline mode: encryption to 48 h and decryption to 7 days, to the millisecond, each use counted', async () => {
  const cache = { offline: { enabled: true, crlGraceMs: 2 * dayMs } };
  const { provider, authority, time, told } = await startedProvider({ cache });
  authority.crlDays = 3;
  await provider.onKEKRotation();
  authority.failure = down;
  const age = (): number => provider.status().lines[0]?.versions[0]?.ageMs ?? 0;
  time.pass(2 * dayMs - age() - 1);
  assert.equal(provider.primary(line).version, 1);
  assert.equal(provider.status().condition, 'offline');
  assert.deepEqual(
    told.filter((name) => name === 'stale'),
    ['stale'],
  );
  assert.match(provider.metrics(), /^vcc_kek_stale_uses_total 1$/m);
  time.pass(1);
  assert.equal(await codeOf(() => provider.primary(line)), 'OFFLINE_LIMIT');
  time.pass(7 * dayMs - age() - 1);
  assert.equal((await provider.byVersion(7, 1)).version, 1);
  time.pass(1);
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'OFFLINE_LIMIT');
  await provider.close();
});

test('failing looks extend nothing', async () => {
  const { provider, authority, time } = await startedProvider();
  authority.crlDays = 30;
  await provider.onKEKRotation();
  authority.failure = down;
  // A day of looks that fail every ten seconds.
  for (let hour = 0; hour < 24; hour += 1) {
    time.pass(hourMs - 20_000);
    await time.advance(20_000);
  }
  assert.ok(authority.count('list') > 20);
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_STALE');
  await provider.close();
});

test('a CRL that ends ends encryption, fresh or not, to the millisecond; a new one brings it back', async () => {
  const { provider, authority, time } = await startedProvider({ cache: { pollMs: 0 } });
  const { nextUpdate = 0 } = provider.status().crl;
  authority.frozenCrl = authority.crl();
  time.pass(nextUpdate - time.now() - hourMs);
  await provider.onKEKRotation();
  const end = provider.status().crl.nextUpdate ?? 0;
  time.pass(end - time.now() - 1);
  assert.equal(provider.primary(line).version, 1);
  time.pass(1);
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_STALE');
  // What is read is not written.
  assert.equal((await provider.byVersion(7, 1)).version, 1);
  authority.frozenCrl = undefined;
  await provider.onKEKRotation();
  assert.equal(provider.primary(line).version, 1);
  await provider.close();
});

test('revocation by the CRL beats a fresh key, and the key is erased', async () => {
  const { provider, authority, told } = await startedProvider();
  const handle = provider.primary(line);
  const { secret } = handle.fieldKey(1, { tenant: 't', collection: 'c', field: 'f' });
  authority.revokeInCrl('kek_1');
  authority.push();
  await eventually(() => !handle.usable);
  assert.ok(secret.every((octet) => octet === 0));
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_REVOKED');
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'KEK_REVOKED');
  assert.equal(await codeOf(() => provider.getKEK('kek_1')), 'KEK_REVOKED');
  assert.ok(told.includes('revoked'));
  // Nobody takes it back.
  authority.frozenCrl = undefined;
  await provider.onKEKRotation();
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_REVOKED');
  await provider.close();
});

test('revocation beats offline mode too: what arrives counts, though the rest of the look fails', async () => {
  const { provider, authority, time, told } = await startedProvider({ cache: { offline: { enabled: true } } });
  authority.failure = down;
  time.pass(25 * hourMs);
  assert.equal(provider.status().lines[0]?.versions[0]?.encrypt, 'stale');
  authority.failure = undefined;
  authority.change('kek_1', { revoked: true });
  authority.hold = new Promise(() => {});
  const list = authority.listKeks.bind(authority);
  authority.listKeks = async (tag) => {
    const { hold } = authority;
    authority.hold = undefined;
    const answer = await list(tag);
    authority.hold = hold;
    return answer;
  };
  authority.push();
  await eventually(() => told.includes('revoked'));
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_REVOKED');
  await provider.close();
});

test('a rotation: known before it is used, no moment without a key, both for reading', async () => {
  const { provider, authority, told, time } = await startedProvider();
  const second = await authority.add('PENDING');
  authority.push();
  await eventually(() => authority.reports.at(-1)?.epoch === authority.epoch);
  await settled();
  assert.equal(provider.primary(line).version, 1);
  assert.equal(authority.count(`open ${second}`), 1);
  assert.ok(provider.hasAcknowledged(line));
  authority.promote(second);
  await time.advance(70_000);
  await eventually(() => provider.primary(line).version === 2);
  assert.equal(provider.primary(line).version, 2);
  assert.equal((await provider.byVersion(7, 1)).version, 1);
  assert.equal(authority.count(`open ${second}`), 1);
  assert.deepEqual(told.filter((name) => name === 'rotated').length, 2);
  // And back: a promotion of the old one is one like any other.
  authority.promote('kek_1');
  await provider.onKEKRotation('kek_2', 'kek_1');
  assert.equal(provider.primary(line).version, 1);
  await provider.close();
});

test('a new primary that cannot be had leaves the old one in place: nothing fails', async () => {
  const { provider, authority } = await startedProvider();
  await authority.add('PRIMARY');
  const open = authority.openKek.bind(authority);
  authority.openKek = () => Promise.reject(down);
  assert.equal(await codeOf(() => provider.onKEKRotation()), 'KEK_UNAVAILABLE');
  assert.equal(provider.primary(line).version, 1);
  authority.openKek = open;
  await provider.onKEKRotation();
  assert.equal(provider.primary(line).version, 2);
  await provider.close();
});

test('rotateKEK asks for a new version, and it is there when it returns', async () => {
  const { provider, authority } = await startedProvider();
  const made = await provider.rotateKEK('kek_1');
  assert.equal(authority.count(`open ${made.id}`), 1);
  assert.deepEqual(
    provider.certificates().map(({ id, state }) => [id, state]),
    [
      ['kek_1', 'PRIMARY'],
      ['kek_2', 'PENDING'],
    ],
  );
  await provider.close();
});

test('a secret that is not the certified one is refused, told as an attack, and not asked for again', async () => {
  const { provider, authority, told, time } = await providerScene();
  authority.isForging = true;
  assert.equal(await codeOf(() => provider.bootstrap()), 'KEK_NOT_VALIDATED');
  for (let i = 0; i < 5; i += 1) assert.equal(await codeOf(() => provider.getKEK(line)), 'KEK_NOT_VALIDATED');
  assert.equal(authority.count('open kek_1'), 1);
  assert.equal(told.filter((name) => name === 'security').length, 1);
  time.pass(hourMs);
  authority.isForging = false;
  assert.equal((await provider.getKEK(line)).version, 1);
  await provider.close();
});

test('certificates of another root, of another purpose, and without a CRL are refused', async () => {
  const { provider, authority } = await startedProvider();
  const good = authority.find('kek_1').resource.cert;
  assert.equal(await provider.validateCertificate(good), true);
  assert.equal(await provider.validateCertificate(authority.trustedPem), false);
  const stranger = await startedProvider();
  assert.equal(await provider.validateCertificate(stranger.authority.find('kek_1').resource.cert), false);
  authority.revokeInCrl('kek_1');
  await provider.onKEKRotation();
  assert.equal(await provider.validateCertificate(good), false);
  await Promise.all([provider.close(), stranger.provider.close()]);
});

test('a CRL that cannot be fetched is an outage and no attack: it is tried again', async () => {
  const { provider, authority, told, time } = await providerScene();
  const crl = authority.fetchCrl;
  authority.fetchCrl = () => Promise.reject(down);
  let isUp = false;
  const starting = provider.bootstrap().then(() => {
    isUp = true;
  });
  await untilAsked({ time, authority });
  await eventually(() => told.includes('failure'));
  await settled();
  assert.ok(!isUp && !told.includes('security'));
  assert.equal(authority.count('open kek_1'), 0);
  authority.fetchCrl = crl;
  await Promise.all([untilAsked({ time, authority }), starting]);
  assert.equal((await provider.getKEK(line)).version, 1);
  await provider.close();
});

test('the CRL of another address is refused and told, and not used', async () => {
  const { provider, authority, told } = await startedProvider();
  authority.fetchCrl = async () => authority.crl({ point: 'http://pki.test/other.crl' });
  await provider.onKEKRotation();
  assert.ok(told.includes('security'));
  assert.equal((await provider.getKEK(line)).version, 1);
  await provider.close();
});

test('disabled and destroyed versions are refused and erased; enabled again, they are fetched again', async () => {
  const { provider, authority } = await startedProvider();
  await authority.add('PRIMARY');
  await provider.onKEKRotation();
  const old = await provider.getKEK('kek_1');
  authority.change('kek_1', { state: 'DISABLED' });
  await provider.onKEKRotation();
  assert.equal(old.usable, false);
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'KEK_DISABLED');
  authority.change('kek_1', { state: 'ENABLED' });
  await provider.onKEKRotation();
  assert.equal((await provider.byVersion(7, 1)).version, 1);
  authority.change('kek_1', { state: 'DESTROYED' });
  await provider.onKEKRotation();
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'KEK_DESTROYED');
  await provider.close();
});

test('a compromised version is read to encrypt anew, and by nobody else', async () => {
  const { provider, authority } = await startedProvider();
  const second = await authority.add('PENDING');
  await provider.onKEKRotation();
  authority.promote(second);
  authority.change('kek_1', { compromised: true, revoked: true });
  authority.revokeInCrl('kek_1');
  await provider.onKEKRotation();
  assert.equal(provider.primary(line).version, 2);
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'KEK_REVOKED');
  const anew = provider.forReEncryption();
  const handle = await anew.byVersion(7, 1);
  assert.equal(handle.version, 1);
  assert.equal(await anew.byVersion(7, 1), handle);
  assert.equal(await codeOf(() => provider.byVersion(7, 1)), 'KEK_REVOKED');
  assert.equal(provider.forReEncryption().primary(line).version, 2);
  await provider.close();
  assert.equal(handle.usable, false);
});

test('what does not exist is asked for once in 30 s, an unknown version once in 5 s', async () => {
  const { provider, authority, time } = await startedProvider({ cache: { pollMs: 0 } });
  const lists = authority.count('list');
  for (let i = 0; i < 10; i += 1) assert.equal(await codeOf(() => provider.getKEK('kek_99')), 'KEK_UNKNOWN');
  for (let i = 0; i < 10; i += 1) assert.equal(await codeOf(() => provider.byVersion(7, 9)), 'KEK_UNKNOWN');
  assert.equal(authority.count('list') - lists, 2);
  time.pass(5_000);
  await codeOf(() => provider.byVersion(7, 9));
  await codeOf(() => provider.getKEK('kek_99'));
  assert.equal(authority.count('list') - lists, 3);
  time.pass(25_000);
  await codeOf(() => provider.getKEK('kek_99'));
  assert.equal(authority.count('list') - lists, 4);
  await provider.close();
});

test('a withdrawn grant ends use', async () => {
  const { provider, authority } = await startedProvider();
  const handle = provider.primary(line);
  authority.keks = [];
  await provider.onKEKRotation();
  assert.equal(handle.usable, false);
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_UNKNOWN');
  await provider.close();
});

test('a server restored from a backup is not believed about what it forgot', async () => {
  const { provider, authority, told } = await startedProvider();
  const backup = { keks: authority.keks.map((kek) => ({ ...kek })), epoch: authority.epoch };
  await authority.add('PRIMARY');
  await provider.onKEKRotation();
  assert.equal(provider.primary(line).version, 2);
  Object.assign(authority, backup);
  await provider.onKEKRotation();
  assert.ok(told.includes('wentBack'));
  assert.equal(provider.primary(line).version, 2);
  // Rotated until it knows more than was seen: the lost version is read, and written with no more.
  authority.epoch += 10;
  authority.change('kek_1', { state: 'PRIMARY' });
  await provider.onKEKRotation();
  assert.equal(provider.primary(line).version, 1);
  assert.ok(told.includes('lost'));
  assert.equal((await provider.byVersion(7, 2)).version, 2);
  await provider.close();
});

test('a CRL that is rolled back is not taken, and told', async () => {
  const { provider, authority, told } = await startedProvider();
  authority.frozenCrl = authority.crl();
  await provider.onKEKRotation();
  const { thisUpdate } = provider.status().crl;
  authority.crlNumber = 0;
  authority.frozenCrl = authority.crl();
  await provider.onKEKRotation();
  assert.equal(provider.status().crl.thisUpdate, thisUpdate);
  assert.ok(told.includes('security'));
  await provider.close();
});

test('clock jumps: back extends nothing, forward stops at once, and set right it goes on', async () => {
  const { provider, authority, time, told } = await startedProvider();
  authority.crlDays = 30;
  await provider.onKEKRotation();
  authority.failure = down;
  time.pass(23 * hourMs);
  time.jump(-10 * hourMs);
  time.pass(hourMs);
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_STALE');
  authority.failure = undefined;
  await provider.onKEKRotation();
  time.jump(25 * hourMs);
  authority.failure = down;
  assert.equal(await codeOf(() => provider.primary(line)), 'KEK_STALE');
  time.jump(-25 * hourMs);
  assert.equal(provider.primary(line).version, 1);
  time.jump(12 * hourMs);
  await time.advance(70_000);
  assert.ok(told.includes('clockJump'));
  await provider.close();
});

test('push: told of a change, it looks at once, though it has just looked', async () => {
  const { provider, authority, time } = await startedProvider();
  await authority.add('PENDING');
  const before = authority.count('list');
  authority.push();
  await eventually(() => authority.count('open kek_2') === 1 && authority.reports.at(-1)?.epoch === authority.epoch);
  assert.ok(authority.count('list') - before >= 1);
  // And looks by itself every minute, ten seconds after failures.
  const polled = authority.count('list');
  await time.advance(60_000);
  assert.equal(authority.count('list') - polled, 1);
  authority.failure = new PkiError('notReady', 'starting');
  await time.advance(60_000);
  const failed = authority.count('list');
  await time.advance(10_000);
  assert.equal(authority.count('list') - failed, 1);
  await provider.close();
});

test('a webhook that is signed leads to a look, and nothing else does', async () => {
  const { provider, authority, time } = await startedProvider();
  const lists = authority.count('list');
  const key = Buffer.from('a secret of the subscription');
  const body = Buffer.from('{"type":"key.revoked"}');
  const timestamp = Math.floor(time.now() / 1000);
  const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64');
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${signature}`,
  };
  const secret = `whsec_${key.toString('base64')}`;
  assert.equal(provider.handleWebhook({ headers, body: Buffer.from('{}'), secret }), false);
  await settled();
  assert.equal(authority.count('list'), lists);
  authority.change('kek_1', { revoked: true });
  assert.equal(provider.handleWebhook({ headers, body, secret }), true);
  await eventually(() => provider.status().lines[0]?.versions[0]?.isRevoked === true);
  assert.equal(provider.handleWebhook({ headers, body, secret }), false);
  await provider.close();
});

test('the soft TTL: after 6 h everything is validated as a whole, without a new delivery', async () => {
  const { provider, authority, time, told } = await startedProvider({ cache: { softTtlJitter: 0, pollMs: 0 } });
  authority.crlDays = 30;
  time.pass(6 * hourMs - 1_000);
  provider.primary(line);
  await settled();
  const lists = authority.count('list');
  time.pass(2_000);
  provider.primary(line);
  await settled();
  assert.equal(authority.count('list') - lists, 1);
  assert.equal(authority.count('open kek_1'), 1);
  assert.deepEqual(
    told.filter((name) => name === 'failure' || name === 'security'),
    [],
  );
  time.pass(5 * hourMs);
  provider.primary(line);
  await settled();
  assert.equal(authority.count('list') - lists, 1);
  await provider.close();
});

test('a seal grant gives a certificate and no secret', async () => {
  const { provider, authority } = await providerScene();
  authority.change('kek_1', { grants: ['seal'] });
  await provider.bootstrap();
  assert.equal(authority.count('open kek_1'), 0);
  assert.equal((await provider.getCertificate(line)).id, 'kek_1');
  assert.equal(await codeOf(() => provider.getKEK('kek_1')), 'KEK_UNKNOWN');
  await provider.close();
});

test('metrics: every name once, with help and type', async () => {
  const { provider } = await startedProvider();
  const text = provider.metrics();
  const names = [...text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm)].map(([, name]) => name);
  assert.equal(new Set(names).size, names.length);
  assert.match(text, /^vcc_kek_age_seconds\{line="themis-main",version="1",state="PRIMARY"\} 0$/m);
  assert.match(text, /^vcc_kek_delivery_seconds_count 1$/m);
  assert.match(text, /^vcc_kek_crl_age_seconds 0$/m);
  await provider.close();
});
