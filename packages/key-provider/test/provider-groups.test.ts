import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyPurposeId } from '@vcc-pki/x509';
import { FieldEncryption, GroupKeys, KeyError, SecretMemory } from '../src/index.ts';
import { certify } from './support/group-authority.ts';
import {
  codeOf,
  dayMs,
  eventually,
  hourMs,
  type ProviderScene,
  settled,
  startedProvider,
} from './support/provider-scene.ts';

const line = 'themis-main';
const place = { collection: 'patients', field: 'finding', documentId: 1 };
const down = new Error('no server');

/** A provider with a sealed group, and what a program makes of it. */
async function scene(settings: Parameters<typeof startedProvider>[0] = {}) {
  const started = await startedProvider({ memory: new SecretMemory(), ...settings });
  const { provider, authority, time } = started;
  authority.groups.add('doctors');
  const kept = await provider.groups(line, 'acme');
  const keys = new GroupKeys({ tenant: 'acme', groups: kept, time });
  const access = keys.forReEncryption('doctors');
  const fields = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  const encrypt = (): Uint8Array => fields.encrypt({ ...place, access }, 'abc');
  const decrypt = async (record: Uint8Array) =>
    Buffer.from(await fields.decrypt({ ...place, access }, record)).toString();
  return { ...started, kept, keys, access, fields, encrypt, decrypt, groups: authority.groups };
}

/** Tells the provider that something has happened, and waits until it has looked. */
async function news({ provider }: Pick<ProviderScene, 'provider'>): Promise<void> {
  await provider.onKEKRotation();
}

const epochOf = (record: Uint8Array): number => Buffer.from(record).readUInt32BE(12);

test('a sealed group works with one line, and an auditor sees which groups are sealed', async () => {
  const { provider, authority, groups, keys, encrypt, decrypt } = await scene();
  const record = encrypt();
  assert.equal(epochOf(record), 1);
  assert.equal(await decrypt(record), 'abc');
  assert.deepEqual([authority.count('groups'), authority.count('open doctors 1')], [1, 1]);
  groups.add('u:alice', 'derived');
  await news({ provider });
  assert.deepEqual(keys.status(), {
    'g:doctors': { mode: 'sealed', epoch: 1 },
    'u:alice': { mode: 'derived', epoch: 1 },
  });
  assert.deepEqual(
    provider.status().groups.map(({ group, mode, isInMemory }) => [group, mode, isInMemory]),
    [
      ['g:doctors', 'sealed', true],
      ['u:alice', 'derived', true],
    ],
  );
  assert.throws(() => keys.startEpoch('doctors', 2), TypeError);
  await provider.close();
});

test('who holds the KEK and not the key of the group reads nothing', async () => {
  const { provider, encrypt, time } = await scene();
  const record = encrypt();
  const stranger = (sealedKey?: () => Uint8Array, mode: 'sealed' | 'derived' = 'sealed') =>
    new GroupKeys({ tenant: 'acme', groups: { doctors: { mode, epoch: 1 } }, sealedKey, time });
  const fields = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  const read = (keys: GroupKeys) =>
    codeOf(() => fields.decrypt({ ...place, access: keys.forReEncryption('doctors') }, record));
  assert.equal(await read(stranger()), 'GROUP_DENIED');
  assert.equal(await read(stranger(undefined, 'derived')), 'WRONG_KEY');
  assert.equal(await read(stranger(() => new Uint8Array(32))), 'WRONG_KEY');
  await provider.close();
});

test('a new epoch is written with when its key is there, and older ones are read', async () => {
  const { provider, authority, groups, encrypt, decrypt, access } = await scene();
  const told: number[] = [];
  provider.events.on('groupEpoch', ({ epoch }) => told.push(epoch));
  const records = [encrypt()];
  for (const epoch of [2, 3, 4]) {
    groups.nextEpoch('doctors');
    await news({ provider });
    records.push(encrypt());
    assert.deepEqual([access.epoch, epochOf(records.at(-1)!)], [epoch, epoch]);
  }
  assert.deepEqual(told, [2, 3, 4]);
  for (const record of records) assert.equal(await decrypt(record), 'abc');
  // Nothing was fetched twice: what was the newest is held when it is no longer.
  for (const epoch of [1, 2, 3, 4]) assert.equal(authority.count(`open doctors ${epoch}`), 1);
  await provider.close();
});

test('one that comes later reads older epochs, each fetched once for all who wait', async () => {
  const { provider, authority, time } = await startedProvider();
  authority.groups.add('doctors');
  for (let epoch = 2; epoch <= 5; epoch += 1) authority.groups.nextEpoch('doctors');
  const keys = new GroupKeys({ tenant: 'acme', groups: await provider.groups(line, 'acme'), time });
  const access = keys.forReEncryption('doctors');
  const kek = await provider.getKEK(line);
  const found = await Promise.all(Array.from({ length: 50 }, async () => access.reading(kek, 2)));
  assert.equal(new Set(found).size, 1);
  // The newest and the one before it were there at once.
  const opened = authority.calls.filter((call) => call.startsWith('open doctors')).sort();
  assert.deepEqual(opened, ['open doctors 2', 'open doctors 4', 'open doctors 5']);
  assert.equal(await codeOf(() => access.reading(kek, 6)), 'GROUP_DENIED');
  await provider.close();
});

test('what was removed is refused at once, and its keys are erased', async () => {
  const memory = new SecretMemory();
  const { provider, groups, encrypt, decrypt, told, access } = await scene({ memory });
  provider.events.on('groupWithdrawn', ({ group }) => told.push(`withdrawn ${group}`));
  const record = encrypt();
  const kek = provider.primary(line);
  const key = access.writing(kek);
  const secret = key.fieldKey(1, { tenant: 'acme', collection: 'patients', field: 'finding' });
  groups.find('doctors').isMember = false;
  groups.nextEpoch('doctors');
  await news({ provider });
  assert.throws(encrypt, { code: 'GROUP_DENIED' });
  assert.equal(await codeOf(() => decrypt(record)), 'GROUP_DENIED');
  assert.equal(key.usable, false);
  assert.throws(() => secret.secret, KeyError);
  assert.throws(() => key.fieldKey(1, { tenant: 'acme', collection: 'c', field: 'f' }), { code: 'GROUP_DENIED' });
  assert.ok(told.includes('withdrawn g:doctors'));
  // A member again: from the next look on.
  groups.find('doctors').isMember = true;
  await news({ provider });
  assert.equal(epochOf(encrypt()), 2);
  assert.equal(await decrypt(record), 'abc');
  await provider.close();
  assert.equal(memory.taken, 0);
});

test('an outage: the limits are those of KEKs', async () => {
  const { provider, authority, time, encrypt, decrypt } = await scene({
    cache: { offline: { enabled: true, encryptGraceMs: 12 * hourMs, decryptGraceMs: 2 * dayMs } },
  });
  authority.crlDays = 30;
  await news({ provider });
  const record = encrypt();
  const ageMs = (): number => provider.status().groups[0]?.ageMs ?? 0;
  authority.failure = down;
  time.pass(dayMs + 12 * hourMs - ageMs() - 1);
  encrypt();
  time.pass(1);
  assert.equal(await codeOf(encrypt), 'OFFLINE_LIMIT');
  assert.equal(await decrypt(record), 'abc');
  time.pass(3 * dayMs - ageMs() - 1);
  assert.equal(await decrypt(record), 'abc');
  time.pass(1);
  assert.equal(await codeOf(() => decrypt(record)), 'OFFLINE_LIMIT');
  authority.failure = undefined;
  await news({ provider });
  assert.equal(await decrypt(encrypt()), 'abc');
  await provider.close();
});

test('groups that are not confirmed end at their limit, though the KEK is', async () => {
  const { provider, authority, time, encrypt } = await scene();
  authority.crlDays = 30;
  const listGroups = authority.listGroups.bind(authority);
  authority.listGroups = async () => {
    throw down;
  };
  time.pass(dayMs - 1 - (provider.status().groups[0]?.ageMs ?? 0));
  await assert.rejects(news({ provider }), { code: 'KEK_UNAVAILABLE' });
  encrypt();
  time.pass(1);
  assert.equal(provider.primary(line).version, 1);
  assert.throws(encrypt, { code: 'KEK_STALE' });
  authority.listGroups = listGroups;
  await news({ provider });
  encrypt();
  await provider.close();
});

test('a key that somebody in between has planted is never used, and told', async () => {
  const { provider, authority, groups, encrypt, told } = await scene();
  const { signing } = groups;
  // Signed by a service of this PKI; signed by nobody who is known here.
  const strangers = [
    certify(authority.ca, authority.time.now(), keyPurposeId.serverAuth),
    { ...signing, privateKey: certify(authority.ca, authority.time.now(), keyPurposeId.OCSPSigning).privateKey },
  ];
  for (const [i, stranger] of strangers.entries()) {
    groups.signing = stranger;
    groups.planted = new Uint8Array(32).fill(7);
    groups.nextEpoch('doctors');
    await assert.rejects(news({ provider }), { code: 'KEK_NOT_VALIDATED' });
    assert.equal(told.filter((name) => name === 'security').length, i + 1);
    // Writers go on with what they have.
    assert.equal(epochOf(encrypt()), 1);
  }
  groups.signing = signing;
  groups.planted = undefined;
  groups.nextEpoch('doctors');
  await news({ provider });
  assert.equal(epochOf(encrypt()), 4);
  await provider.close();
});

test('a server that was restored takes no epoch back, exchanges no key, and confirms nothing', async () => {
  const { provider, authority, time, groups, encrypt, decrypt, told } = await scene();
  authority.crlDays = 30;
  groups.nextEpoch('doctors');
  await news({ provider });
  const record = encrypt();
  const group = groups.find('doctors');
  group.keys = group.keys.slice(0, 1);
  await news({ provider });
  assert.equal(epochOf(encrypt()), 2);
  groups.nextEpoch('doctors');
  await news({ provider });
  assert.equal(epochOf(encrypt()), 2);
  assert.equal(await decrypt(record), 'abc');
  assert.deepEqual(told.filter((name) => name === 'wentBack').length, 1);
  // It goes on to the hard TTL, as with a KEK, though the server answers.
  time.pass(dayMs - 1 - (provider.status().groups[0]?.ageMs ?? 0));
  await news({ provider });
  encrypt();
  time.pass(1);
  assert.throws(encrypt, { code: 'KEK_STALE' });
  groups.nextEpoch('doctors');
  await news({ provider });
  assert.equal(epochOf(encrypt()), 3);
  assert.equal(await decrypt(record), 'abc');
  await provider.close();
});

test('without the server there are no groups, and they can be asked for again', async () => {
  const { provider, authority } = await startedProvider();
  authority.groups.add('doctors');
  authority.failure = down;
  assert.equal(await codeOf(() => provider.groups(line, 'acme')), 'KEK_UNAVAILABLE');
  authority.failure = undefined;
  const kept = await provider.groups(line, 'acme');
  assert.equal(await provider.groups(line, 'acme'), kept);
  await eventually(() => kept.states.size === 1);
  await provider.close();
  assert.equal(kept.states.size, 0);
  assert.equal(await codeOf(() => provider.groups(line, 'acme')), 'PROVIDER_CLOSED');
});

test('news in the middle of a look are not lost, and no late answer takes them back', async () => {
  const { provider, authority, time } = await startedProvider();
  authority.groups.add('doctors');
  const listGroups = authority.listGroups.bind(authority);
  const answers: (() => void)[] = [];
  let looks = 0;
  // The answer is made when it is asked for, and comes when the test lets it.
  authority.listGroups = async () => {
    looks += 1;
    if (looks === 2) authority.groups.find('doctors').isMember = false;
    const list = await listGroups();
    await new Promise<void>((resolve) => answers.push(resolve));
    return list;
  };
  const following = provider.groups(line, 'acme');
  await eventually(() => answers.length === 1);
  const pulled = provider.onKEKRotation();
  await settled();
  assert.equal(looks, 1, 'the second look waits for the first');
  answers.shift()?.();
  const kept = await following;
  assert.equal(kept.states.size, 1);
  await eventually(() => answers.length === 1);
  answers.shift()?.();
  await pulled;
  assert.equal(kept.states.size, 0);
  const access = new GroupKeys({ tenant: 'acme', groups: kept, time }).forReEncryption('doctors');
  assert.throws(() => access.epoch, { code: 'GROUP_DENIED' });
  await provider.close();
});

test('what arrives after the end is erased', async () => {
  const memory = new SecretMemory();
  const { provider, authority } = await startedProvider({ memory });
  authority.groups.add('doctors');
  let release = (): void => undefined;
  authority.hold = new Promise((resolve) => {
    release = resolve;
  });
  const following = codeOf(() => provider.groups(line, 'acme'));
  await eventually(() => authority.count('groups') === 1);
  const closing = provider.close();
  release();
  await closing;
  assert.equal(await following, 'PROVIDER_CLOSED');
  await eventually(() => memory.taken === 0);
});
