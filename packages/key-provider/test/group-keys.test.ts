import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deriveKek, pae } from '@vcc-pki/kek';
import {
  deriveBreakGlassKey,
  FieldEncryption,
  GroupKeys,
  type GroupKeysOptions,
  KeyError,
  type KeyErrorCode,
  ManualTime,
  openGroupKey,
  sealGroupKey,
} from '@vcc-pki/key-provider';
import { hkdfExpandInto } from '../src/keys/hkdf.ts';
import { memoryKeks } from './support/memory-keks.ts';

const time = new ManualTime(1_800_000_000_000);
const place = { collection: 'patients', field: 'finding', documentId: 1 };

function scene(options: Partial<GroupKeysOptions> = {}) {
  const keks = memoryKeks();
  const kek = keks.add(123);
  const fields = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme' });
  const groups = {
    doctors: { mode: 'derived', epoch: 1 },
    nurses: { mode: 'derived', epoch: 3 },
    'u:alice': { mode: 'derived', epoch: 0 },
  } as const;
  const keys = new GroupKeys({ tenant: 'acme', groups, time, ...options });
  const admit = (...names: string[]) =>
    keys.admitVerified({ subject: 'alice', groups: names, expiresAtMs: time.now() + 3_600_000 });
  return { keks, kek, fields, keys, admit };
}
const refuses = (code: KeyErrorCode) => (error: unknown) => error instanceof KeyError && error.code === code;
const text = (octets: Uint8Array): string => Buffer.from(octets).toString();

test('the first allowed group that the caller is in encrypts, whatever the order of its claims', async () => {
  const { fields, admit } = scene();
  const [access] = admit('nurses', 'doctors').accesses(['doctors', 'nurses']);
  assert.equal(access.group, 'g:doctors');
  const record = fields.encrypt({ ...place, access }, 'abc');
  assert.equal(record.length, 84 + 4 + 3);
  assert.equal(Buffer.from(record).readUInt32BE(12), 1);
  assert.equal(text(await fields.decrypt({ ...place, access }, record)), 'abc');
});

test('who is in another group, or in none, reads nothing', async () => {
  const { fields, admit } = scene();
  const [doctors] = admit('doctors').accesses(['doctors']);
  const [nurses] = admit('nurses').accesses(['nurses']);
  const record = fields.encrypt({ ...place, access: doctors }, 'abc');
  await assert.rejects(fields.decrypt({ ...place, access: nurses }, record), refuses('WRONG_KEY'));
  await assert.rejects(fields.decrypt(place, record), refuses('GROUP_DENIED'));
  await assert.rejects(
    fields.decrypt({ ...place, access: doctors }, fields.encrypt(place, 'abc')),
    refuses('CONTEXT_MISMATCH'),
  );
  assert.throws(() => admit('porters').accesses(['doctors', 'nurses']), refuses('GROUP_DENIED'));
});

test('a group that is named like a user makes nobody that user', () => {
  const { keys, admit } = scene();
  assert.equal(admit().accesses(['u:alice'])[0].group, 'u:alice');
  const bob = keys.admitVerified({ subject: 'bob', groups: ['u:alice'], expiresAtMs: time.now() + 60_000 });
  assert.throws(() => bob.accesses(['u:alice']), refuses('GROUP_DENIED'));
});

test('an admission ends with its token, and after five minutes at most', () => {
  const { fields, keys } = scene();
  for (const [lifeMs, endMs] of [
    [60_000, 60_000],
    [3_600_000, 300_000],
  ] as const) {
    const admission = keys.admitVerified({ subject: 'alice', groups: ['doctors'], expiresAtMs: time.now() + lifeMs });
    const [access] = admission.accesses(['doctors']);
    time.pass(endMs - 1);
    fields.encrypt({ ...place, access }, 'abc');
    time.pass(1);
    assert.throws(() => fields.encrypt({ ...place, access }, 'abc'), refuses('GROUP_DENIED'));
    assert.throws(() => admission.accesses(['doctors']), refuses('GROUP_DENIED'));
  }
});

test('after a member left, older records are read and new ones are of the new epoch', async () => {
  const { fields, keys, admit } = scene();
  const [access] = admit('doctors').accesses(['doctors']);
  const record = fields.encrypt({ ...place, access }, 'abc');
  keys.startEpoch('doctors', 2);
  assert.equal(text(await fields.decrypt({ ...place, access }, record)), 'abc');
  assert.equal(Buffer.from(fields.encrypt({ ...place, access }, 'abc')).readUInt32BE(12), 2);
  assert.throws(() => keys.startEpoch('doctors', 2), RangeError);
  const ahead = Buffer.from(record);
  ahead.writeUInt32BE(3, 12);
  await assert.rejects(fields.decrypt({ ...place, access }, ahead), refuses('GROUP_DENIED'));
  ahead.writeUInt32BE(2, 12);
  await assert.rejects(fields.decrypt({ ...place, access }, ahead), refuses('WRONG_KEY'));
});

test('documents are read by every group of a field that the reader is in', async () => {
  const { fields, admit } = scene();
  const schema = {
    collection: 'patients',
    documentId: '_id',
    fields: [{ path: 'a', allowedGroups: ['doctors', 'nurses'] }],
  };
  const document = { _id: 1, a: 'abc' };
  const byNurse = await fields.encryptDocument(schema, document, admit('nurses'));
  assert.deepEqual(await fields.decryptDocument(schema, byNurse, admit('doctors', 'nurses')), document);
  await assert.rejects(fields.decryptDocument(schema, byNurse, admit('doctors')), refuses('GROUP_DENIED'));
  await assert.rejects(fields.decryptDocument(schema, byNurse), refuses('GROUP_DENIED'));
});

test('a derived group key is as the format states, and erased with its KEK', () => {
  const { kek, admit } = scene();
  const u32 = (n: number): Buffer => Buffer.from([0, 0, 0, n]);
  const [access] = admit('doctors').accesses(['doctors']);
  const key = access.writing(kek).fieldKey(1, { tenant: 'acme', collection: 'c', field: 'f' });
  const [group, field] = [Buffer.alloc(32), Buffer.alloc(32)];
  const line = [u32(3), u32(123)];
  hkdfExpandInto(group, new Uint8Array(32).fill(123), pae('vcc-pki/gdek/v1', ...line, 'acme', 'g:doctors', u32(1)));
  hkdfExpandInto(
    field,
    group,
    pae('vcc-pki/gfield/v1', Uint8Array.of(1), ...line, 'acme', 'c', 'f', 'g:doctors', u32(1)),
  );
  assert.deepEqual(Buffer.from(key.secret), field);
  const { memory } = kek;
  kek.erase('KEK_REVOKED');
  assert.throws(() => key.secret, refuses('PROVIDER_CLOSED'));
  assert.throws(() => access.writing(kek), refuses('KEK_REVOKED'));
  assert.ok(memory.taken >= 0);
});

test('the key of a sealed group is open only to whom it was sealed', async () => {
  const name = { tenant: 'acme', group: 'doctors', epoch: 1 };
  const key = randomBytes(32);
  for (const kem of ['X25519', 'P-256', 'X-Wing'] as const) {
    const mine = await deriveKek(randomBytes(32), { line: 'a', version: 1, kem });
    const others = await deriveKek(randomBytes(32), { line: 'a', version: 1, kem });
    const sealed = await sealGroupKey(mine.kexPublicKey, key, name);
    const open = (privateKey: CryptoKey, of = name) => openGroupKey({ kem, privateKey }, sealed, of);
    assert.deepEqual(Buffer.from(await open(mine.kexPrivateKey)), key);
    await assert.rejects(open(others.kexPrivateKey), refuses('GROUP_DENIED'));
    await assert.rejects(open(mine.kexPrivateKey, { ...name, epoch: 2 }), refuses('GROUP_DENIED'));
  }
  const groups = { doctors: { mode: 'sealed', epoch: 1 } } as const;
  const { fields, admit } = scene({ groups, sealedKey: (_, epoch) => (epoch === 1 ? key : undefined) });
  const [access] = admit('doctors').accesses(['doctors']);
  const record = fields.encrypt({ ...place, access }, 'abc');
  assert.equal(text(await fields.decrypt({ ...place, access }, record)), 'abc');
  const without = scene({ groups, sealedKey: () => undefined });
  const [denied] = without.admit('doctors').accesses(['doctors']);
  await assert.rejects(without.fields.decrypt({ ...place, access: denied }, record), refuses('GROUP_DENIED'));
  assert.deepEqual(without.keys.status(), { 'g:doctors': { mode: 'sealed', epoch: 1 } });
});

test('a passphrase gives a key by 600,000 iterations and not by fewer', async () => {
  const salt = new Uint8Array(16).fill(1);
  const passphrase = 'correct horse battery staple';
  const key = await deriveBreakGlassKey({ passphrase, salt });
  assert.equal(key.length, 32);
  assert.deepEqual(await deriveBreakGlassKey({ passphrase: passphrase.normalize('NFD'), salt }), key);
  await assert.rejects(deriveBreakGlassKey({ passphrase, salt, iterations: 599_999 }), RangeError);
  await assert.rejects(deriveBreakGlassKey({ passphrase: 'short', salt }), RangeError);
  await assert.rejects(deriveBreakGlassKey({ passphrase, salt: new Uint8Array(8) }), RangeError);
});
