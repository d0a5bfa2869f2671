import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldEncryption, type FieldEncryptionOptions, KeyError, type KeyErrorCode } from '@vcc-pki/key-provider';
import { memoryKeks } from './support/memory-keks.ts';

const ssn = { collection: 'patients', field: 'ssn', documentId: 'p-1' };
const text = (octets: Uint8Array): string => new TextDecoder().decode(octets);

function encryption(options: Partial<FieldEncryptionOptions> = {}) {
  const keks = memoryKeks();
  keks.add(123);
  return { keks, fields: new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme', ...options }) };
}

const refuses = (codes: KeyErrorCode | readonly KeyErrorCode[]) => (error: unknown) =>
  error instanceof KeyError && [codes].flat().includes(error.code);

test('what is encrypted comes back, of every length', async () => {
  const { fields } = encryption();
  for (const length of [0, 1, 15, 16, 17, 1024, 131_072, 200_000]) {
    const value = new Uint8Array(length).fill(length);
    assert.deepEqual(Uint8Array.from(await fields.decrypt(ssn, fields.encrypt(ssn, value))), value);
  }
  assert.equal(text(await fields.decrypt(ssn, fields.encrypt(ssn, '078-05-1120 Ä'))), '078-05-1120 Ä');
});

test('a record is laid out as the format states: 84 octets and the value', () => {
  const { fields } = encryption();
  const record = Buffer.from(fields.encrypt(ssn, 'abc'));
  assert.equal(record.length, 84 + 3);
  // Magic, version, suite, bound to its document; line 3, version 123.
  assert.equal(record.subarray(0, 12).toString('hex'), `fa010101${'00000003'}${'0000007b'}`);
  const clock = record.readBigUInt64BE(12 + 16);
  assert.ok(Math.abs(Number(clock / 1_000_000n) - Date.now()) < 60_000);
  const short = encryption({ policy: { suite: 'KC-XAES-256-GCM/KC16' } }).fields.encrypt(ssn, 'abc');
  assert.equal(short.length, 68 + 3);
});

test('two records of one value have nothing but the header in common', () => {
  const { fields } = encryption({ nonceClock: false });
  const [one, other] = [fields.encrypt(ssn, 'abc'), fields.encrypt(ssn, 'abc')];
  assert.notDeepEqual(one.subarray(12, 36), other.subarray(12, 36));
  assert.notDeepEqual(one.subarray(68), other.subarray(68));
});

for (const suite of [
  'KC-XAES-256-GCM/KC32',
  'KC-XAES-256-GCM/KC16',
  'XAES-256-GCM',
  'AES-256-SIV',
  'KC-XChaCha20-Poly1305',
] as const) {
  test(`every flipped bit of a record is refused: ${suite}`, async () => {
    const binding = suite === 'AES-256-SIV' ? 'field' : 'document';
    const { fields } = encryption({ policy: { suite, binding, allowNonAes: suite === 'KC-XChaCha20-Poly1305' } });
    const record = fields.encrypt(ssn, 'abc');
    for (let bit = 0; bit < record.length * 8; bit++) {
      const changed = Uint8Array.from(record);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await assert.rejects(
        fields.decrypt(ssn, changed),
        refuses([
          'MALFORMED_CIPHERTEXT',
          'UNSUPPORTED_SUITE',
          'CONTEXT_MISMATCH',
          'GROUP_DENIED',
          'KEK_UNKNOWN',
          'WRONG_KEY',
          'TAMPERED',
        ]),
        `bit ${bit}`,
      );
    }
    for (let length = 0; length < record.length; length++) {
      await assert.rejects(fields.decrypt(ssn, record.subarray(0, length)), KeyError, `length ${length}`);
    }
    await assert.rejects(fields.decrypt(ssn, Buffer.concat([record, Uint8Array.of(0)])), KeyError);
  });
}

test('another place is refused, and the reason says which', async () => {
  const { keks, fields } = encryption();
  const record = fields.encrypt(ssn, 'abc');
  const elsewhere = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'other' });
  await assert.rejects(elsewhere.decrypt(ssn, record), refuses('WRONG_KEY'));
  await assert.rejects(fields.decrypt({ ...ssn, collection: 'staff' }, record), refuses('WRONG_KEY'));
  await assert.rejects(fields.decrypt({ ...ssn, field: 'name' }, record), refuses('WRONG_KEY'));
  await assert.rejects(fields.decrypt({ ...ssn, documentId: 'p-2' }, record), refuses('CONTEXT_MISMATCH'));
  await assert.rejects(fields.decrypt({ ...ssn, documentId: Buffer.from('p-1') }, record), refuses('CONTEXT_MISMATCH'));
  await assert.rejects(fields.decrypt({ collection: 'patients', field: 'ssn' }, record), TypeError);
});

test('a number and its text are two documents', async () => {
  const { fields } = encryption();
  const record = fields.encrypt({ ...ssn, documentId: 5 }, 'abc');
  assert.equal(text(await fields.decrypt({ ...ssn, documentId: 5n }, record)), 'abc');
  await assert.rejects(fields.decrypt({ ...ssn, documentId: '5' }, record), refuses('CONTEXT_MISMATCH'));
});

test('bound to its row version, an older record of the same document is refused', async () => {
  const { fields } = encryption({ policy: { binding: 'row' } });
  const record = fields.encrypt({ ...ssn, rowVersion: 1 }, 'abc');
  assert.equal(text(await fields.decrypt({ ...ssn, rowVersion: 1 }, record)), 'abc');
  await assert.rejects(fields.decrypt({ ...ssn, rowVersion: 2 }, record), refuses('CONTEXT_MISMATCH'));
});

test('a record that is bound to less than its field asks for is refused', async () => {
  const { keks, fields } = encryption();
  const loose = new FieldEncryption({
    keys: keks,
    line: 'themis-main',
    tenant: 'acme',
    fields: { 'patients.ssn': { binding: 'field' } },
  });
  await assert.rejects(fields.decrypt(ssn, loose.encrypt(ssn, 'abc')), refuses('CONTEXT_MISMATCH'));
  const record = Uint8Array.from(loose.encrypt(ssn, 'abc'));
  record[90 - 4] = (record[86] ?? 0) ^ 1;
  // With nothing else to be wrong, it was changed.
  await assert.rejects(loose.decrypt(ssn, record), refuses('TAMPERED'));
});

test('suites are read only where the policy names them', async () => {
  const { keks, fields } = encryption();
  const options = { keys: keks, line: 'themis-main', tenant: 'acme' };
  const bare = new FieldEncryption({ ...options, policy: { suite: 'XAES-256-GCM' } });
  const record = bare.encrypt(ssn, 'abc');
  await assert.rejects(fields.decrypt(ssn, record), refuses('UNSUPPORTED_SUITE'));
  const migrating = new FieldEncryption({ ...options, policy: { acceptedSuites: ['XAES-256-GCM'] } });
  assert.equal(text(await migrating.decrypt(ssn, record)), 'abc');
});

test('a cipher that is not AES is neither written nor read where the policy does not allow it', async () => {
  const suite = 'KC-XChaCha20-Poly1305';
  const { keks, fields } = encryption({ policy: { suite, allowNonAes: true } });
  const record = fields.encrypt(ssn, 'abc');
  assert.equal(record.length, 84 + 3);
  assert.equal(record[2], 0x10);
  assert.equal(text(await fields.decrypt(ssn, record)), 'abc');
  const withPolicy = (policy: FieldEncryptionOptions['policy']) =>
    new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme', policy });
  await assert.rejects(withPolicy({}).decrypt(ssn, record), refuses('UNSUPPORTED_SUITE'));
  await assert.rejects(withPolicy({ allowNonAes: true }).decrypt(ssn, record), refuses('UNSUPPORTED_SUITE'));
  for (const policy of [{ suite }, { acceptedSuites: [suite] }] as const) {
    assert.throws(() => withPolicy(policy).encrypt(ssn, 'abc'), TypeError);
    await assert.rejects(withPolicy(policy).decrypt(ssn, record), TypeError);
    assert.throws(() => encryption({ fields: { 'patients.ssn': policy } }), TypeError);
  }
  // While records go over to AES: the old ones are read, the new ones are AES.
  const leaving = withPolicy({ acceptedSuites: [suite], allowNonAes: true });
  assert.equal(text(await leaving.decrypt(ssn, record)), 'abc');
  assert.equal(leaving.encrypt(ssn, 'abc')[2], 0x01);
});

test('XChaCha20-Poly1305: batches, every length, and the reasons of refusals', async () => {
  const policy = { suite: 'KC-XChaCha20-Poly1305', allowNonAes: true } as const;
  const { keks, fields } = encryption({ policy });
  const items = [0, 1, 63, 64, 65, 1024, 200_000].map((length) => ({
    value: new Uint8Array(length).fill(length),
    documentId: `p-${length}`,
  }));
  const records = fields.encryptMany(ssn, items).map(({ value, error }, i) => {
    if (error) throw error;
    return { value, documentId: items[i]?.documentId };
  });
  const opened = await fields.decryptMany(ssn, records);
  for (const [i, item] of items.entries()) assert.deepEqual(opened[i]?.value, item.value);
  const elsewhere = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'other', policy });
  const record = fields.encrypt(ssn, 'abc');
  await assert.rejects(elsewhere.decrypt(ssn, record), refuses('WRONG_KEY'));
  await assert.rejects(fields.decrypt({ ...ssn, documentId: 'p-2' }, record), refuses('CONTEXT_MISMATCH'));
});

test('plaintext is no record, and no plaintext is passed through', async () => {
  const { fields } = encryption();
  for (const plaintext of ['', '078-05-1120', 'vault:v1:abc', '{"a":1}', 'v1.aesgcm256.abc']) {
    await assert.rejects(fields.decrypt(ssn, Buffer.from(plaintext)), refuses('MALFORMED_CIPHERTEXT'));
  }
});

test('a record is not encrypted again, as octets or as text, unless it is meant', async () => {
  const { keks, fields } = encryption();
  const record = Buffer.from(fields.encrypt(ssn, 'abc'));
  for (const nested of [record, record.toString('base64'), record.toString('base64url')]) {
    assert.throws(() => fields.encrypt(ssn, nested), refuses('NESTED_CIPHERTEXT'));
  }
  const { value } = fields.encryptMany(ssn, [{ value: record }, { value: 'abc' }])[1] ?? {};
  assert.ok(value);
  const nesting = new FieldEncryption({
    keys: keks,
    line: 'themis-main',
    tenant: 'acme',
    policy: { allowNested: true },
  });
  const twice = nesting.encrypt(ssn, record);
  assert.deepEqual(Buffer.from(await nesting.decrypt(ssn, twice)), record);
  // Of a line that nobody knows: only looks like one.
  const stranger = Buffer.from(record);
  stranger.writeUInt32BE(99, 4);
  assert.doesNotThrow(() => fields.encrypt(ssn, stranger));
});

test('a batch has the results of its items, good and bad, in their places', async () => {
  const { keks, fields } = encryption();
  const place = { collection: 'patients', field: 'ssn' };
  const items = Array.from({ length: 600 }, (_, i) => ({ value: new Uint8Array(i).fill(i), documentId: `p-${i}` }));
  const records = fields.encryptMany(place, items).map(({ value }) => value ?? assert.fail());
  keks.add(124);
  const later = fields.encryptMany(place, [{ value: 'abc', documentId: 'later' }, { value: 'abc' }]);
  assert.ok(later[1]?.error instanceof TypeError);
  const damaged = Uint8Array.from(records[7] ?? []);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  const opened = await fields.decryptMany(place, [
    ...items.map(({ documentId }, i) => ({ value: records[i] ?? assert.fail(), documentId })),
    { value: later[0]?.value ?? assert.fail(), documentId: 'later' },
    { value: damaged, documentId: 'p-7' },
    { value: Buffer.from('plaintext'), documentId: 'p-8' },
  ]);
  for (const [i, { value }] of items.entries()) assert.deepEqual(Uint8Array.from(opened[i]?.value ?? []), value);
  assert.equal(text(opened[600]?.value ?? assert.fail()), 'abc');
  assert.deepEqual(
    opened.slice(601).map(({ error }) => (error instanceof KeyError ? error.code : error)),
    ['CONTEXT_MISMATCH', 'MALFORMED_CIPHERTEXT'],
  );
});

test('after a rotation old records are read, found stale, and new ones are under the new version', async () => {
  const { keks, fields } = encryption();
  const record = fields.encrypt(ssn, 'abc');
  assert.equal(fields.isStale(record), false);
  keks.add(124);
  assert.equal(fields.isStale(record), true);
  assert.equal(text(await fields.decrypt(ssn, record)), 'abc');
  assert.equal(Buffer.from(fields.encrypt(ssn, 'abc')).readUInt32BE(8), 124);
});

test('nothing is encrypted or decrypted under an erased KEK', async () => {
  const { keks, fields } = encryption();
  const kek = keks.primary('themis-main');
  const record = fields.encrypt(ssn, 'abc');
  const late = {
    ...keks,
    byVersion: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return kek;
    },
  };
  const waiting = new FieldEncryption({ keys: late, line: 'themis-main', tenant: 'acme' });
  assert.equal(text(await waiting.decrypt(ssn, record)), 'abc');
  const decryption = waiting.decrypt(ssn, record);
  const batch = waiting.decryptMany(ssn, [{ value: record }]);
  kek.erase('KEK_REVOKED');
  assert.throws(() => fields.encrypt(ssn, 'abc'), refuses('KEK_REVOKED'));
  await assert.rejects(decryption, refuses('KEK_REVOKED'));
  assert.deepEqual(
    (await batch).map(({ error }) => error instanceof KeyError && error.code),
    ['KEK_REVOKED'],
  );
});

test('values of a deterministic field are equal when their records are', async () => {
  const { fields } = encryption({ fields: { 'patients.email': { suite: 'AES-256-SIV', binding: 'field' } } });
  const email = { collection: 'patients', field: 'email' };
  const record = fields.encrypt(email, 'a@example.org');
  assert.deepEqual(fields.encrypt(email, 'a@example.org'), record);
  assert.notDeepEqual(fields.encrypt(email, 'b@example.org'), record);
  assert.equal(text(await fields.decrypt(email, record)), 'a@example.org');
  assert.throws(() => encryption({ policy: { suite: 'AES-256-SIV' } }).fields.encrypt(email, 'a'), TypeError);
});

test('a value that is too large is sent to the streams', () => {
  const { fields } = encryption();
  assert.throws(() => fields.encrypt(ssn, new Uint8Array(16 * 1024 * 1024 + 1)), RangeError);
});
