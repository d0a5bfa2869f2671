import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DocumentSchema,
  encodeValue,
  FieldEncryption,
  type FieldValue,
  KeyError,
  parseValue,
} from '@vcc-pki/key-provider';
import fc from 'fast-check';
import { memoryKeks } from './support/memory-keks.ts';

const keks = memoryKeks();
keks.add(123);
const fields = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme' });

const schema: DocumentSchema = {
  collection: 'patients',
  documentId: '_id',
  fields: [
    { path: 'ssn' },
    { path: 'address.street' },
    { path: 'contacts[].email' },
    { path: 'tags[]' },
    { path: 'findings', store: 'octets' },
    { path: 'note', encryptNull: true },
  ],
};

const patient = {
  _id: 17,
  name: 'open',
  ssn: '078-05-1120',
  address: { street: 'Kirchweg 1', city: 'Bonn' },
  contacts: [{ email: 'a@example.org', kind: 'home' }, { kind: 'none' }, { email: null, kind: 'lost' }],
  tags: ['one', 2, true],
  findings: { at: new Date(1_700_000_000_000), values: [1.5, -0, Number.NaN, 10n ** 30n], image: Uint8Array.of(1, 2) },
  note: null,
};

test('a document comes back with every value of its type, and was not changed itself', async () => {
  const before = structuredClone(patient);
  const encrypted = await fields.encryptDocument(schema, patient);
  assert.deepEqual(patient, before);
  assert.deepEqual(await fields.decryptDocument(schema, JSON_safe(encrypted)), patient);
});

/** What a store gives back: octets are kept, all else went through JSON. */
function JSON_safe<Document extends { findings: unknown }>(document: Document): Document {
  const { findings, ...rest } = document;
  return { ...JSON.parse(JSON.stringify(rest)), findings };
}

test('named fields are records, and nothing else is touched', async () => {
  const encrypted = (await fields.encryptDocument(schema, patient)) as Record<string, unknown> & typeof patient;
  const text = JSON.stringify(encrypted, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  for (const secret of ['078-05', 'Kirchweg', 'example.org', '"one"'])
    assert.equal(text.includes(secret), false, secret);
  assert.deepEqual([encrypted._id, encrypted.name, encrypted.address.city], [17, 'open', 'Bonn']);
  assert.match(encrypted.ssn, /^\+gEB/);
  assert.ok((encrypted.findings as unknown) instanceof Uint8Array);
  assert.deepEqual(encrypted.contacts[1], { kind: 'none' });
  assert.equal(encrypted.contacts[2]?.email, null);
  assert.equal(encrypted.tags.length, 3);
  assert.equal(typeof encrypted.note, 'string');
});

test('a field that was moved to another document, or is not encrypted, is refused', async () => {
  const [one, other] = await Promise.all([1, 2].map((_id) => fields.encryptDocument(schema, { _id, ssn: `${_id}` })));
  const moved = { ...one, ssn: other?.ssn };
  await assert.rejects(fields.decryptDocument(schema, moved), { code: 'CONTEXT_MISMATCH' });
  await assert.rejects(fields.decryptDocument(schema, { _id: 1, ssn: '078' }), { code: 'MALFORMED_CIPHERTEXT' });
  await assert.rejects(fields.encryptDocument(schema, one ?? {}), { code: 'NESTED_CIPHERTEXT' });
  await assert.rejects(fields.encryptDocument(schema, { ssn: 'no identifier' }), TypeError);
});

test('of many documents each has its result', async () => {
  const documents = [{ _id: 1, ssn: 'a' }, { ssn: 'b' }, { _id: 3, ssn: new Map() }, { _id: 4, ssn: 'd' }];
  const results = await fields.encryptDocuments(schema, documents);
  assert.deepEqual(
    results.map(({ error }) => error?.name),
    [undefined, 'TypeError', 'TypeError', undefined],
  );
  const back = await fields.decryptDocuments(schema, [results[3]?.value ?? {}, { _id: 9, ssn: 'plain' }]);
  assert.deepEqual(back[0]?.value, documents[3]);
  assert.ok(back[1]?.error instanceof KeyError);
});

test('every value comes back as it was', () => {
  const { tree } = fc.letrec<{ tree: FieldValue }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.bigInt(),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
      fc.date(),
      fc.array(tie('tree')),
      fc.dictionary(fc.string(), tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      assert.deepEqual(plain(parseValue(encodeValue(value))), plain(value));
    }),
  );
});

/** fast-check's dictionaries have no prototype; what is compared are the members. */
function plain(value: FieldValue): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item as FieldValue));
  if (value instanceof Uint8Array || value instanceof Date || value === null || typeof value !== 'object') return value;
  return Object.entries(value).map(([name, member]) => [name, plain(member as FieldValue)]);
}

test('what would come back as something else is refused', () => {
  const loop: unknown[] = [];
  loop.push(loop);
  for (const value of [
    undefined,
    () => 1,
    Symbol('a'),
    new Map(),
    new (class Money {})(),
    [undefined],
    loop,
    '\ud800',
  ]) {
    assert.throws(() => encodeValue(value), TypeError);
  }
});

test('a member named __proto__ is a member', () => {
  const value = parseValue(encodeValue(JSON.parse('{"__proto__":{"admin":true}}'))) as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(value['admin'], undefined);
});

test('a schema that cannot be meant is refused', async () => {
  for (const paths of [['a', 'a'], ['a', 'a.b'], [''], ['a..b'], ['a[0]'], ['__proto__.a'], ['a.constructor']]) {
    const bad = { collection: 'c', documentId: '_id', fields: paths.map((path) => ({ path })) };
    await assert.rejects(fields.encryptDocument(bad, { _id: 1 }), TypeError, paths.join());
  }
});

const indexed: DocumentSchema = {
  collection: 'patients',
  documentId: '_id',
  fields: [
    {
      path: 'email',
      index: {
        to: 'email_index',
        versions: [{ indexVersion: 1, kekVersion: 123 }],
        expectedRows: 1_000_000,
        distinctValues: 900_000,
      },
    },
  ],
};

test('an indexed field is found by its value, whatever the case, and the index is gone after decrypting', async () => {
  const document: { _id: number; email: string; email_index?: string[] } = { _id: 1, email: ' Müller@Example.ORG' };
  const encrypted = await fields.encryptDocument(indexed, document);
  const index = fields.blindIndex({
    collection: 'patients',
    field: 'email',
    versions: [{ indexVersion: 1, kekVersion: 123 }],
    expectedRows: 1_000_000,
    distinctValues: 900_000,
  });
  assert.equal(index.bits, 18);
  const [entry] = await index.entries('müller@example.org ');
  assert.deepEqual(encrypted.email_index, [Buffer.from(entry ?? []).toString('base64')]);
  // Version, and 18 bits of three octets.
  assert.equal(entry?.length, 4);
  assert.equal((entry?.[3] ?? 0) & 0x3f, 0);
  assert.notDeepEqual(await index.entries('mueller@example.org'), [entry]);
  assert.deepEqual(await fields.decryptDocument(indexed, encrypted), document);
});

test('while an index is rotated both versions are written and looked for', async () => {
  const own = memoryKeks();
  own.add(1);
  own.add(2);
  const encryption = new FieldEncryption({ keys: own, line: 'themis-main', tenant: 'acme' });
  const options = { collection: 'c', field: 'f', distinctValues: 5000, unique: true };
  const old = { indexVersion: 7, kekVersion: 1 };
  const both = encryption.blindIndex({ ...options, versions: [old, { indexVersion: 8, kekVersion: 2 }] });
  const entries = await both.entries('a');
  assert.deepEqual(
    entries.map(([version]) => version),
    [7, 8],
  );
  assert.deepEqual(await encryption.blindIndex({ ...options, versions: [old] }).entries('a'), entries.slice(0, 1));
  assert.equal(entries[0]?.length, 17);
});

test('an index that tells too much is refused until that is accepted', () => {
  const options = { collection: 'c', field: 'f', versions: [{ indexVersion: 1, kekVersion: 123 }] };
  for (const bad of [
    { ...options, distinctValues: 1023, unique: true },
    { ...options, distinctValues: 5000 },
    { ...options, distinctValues: 5000, expectedRows: 3 },
    { ...options, distinctValues: 5000, expectedRows: 1000, versions: [] },
    { ...options, distinctValues: 5000, unique: true, versions: [{ indexVersion: 256, kekVersion: 1 }] },
  ]) {
    assert.throws(() => fields.blindIndex(bad), TypeError);
  }
  assert.equal(fields.blindIndex({ ...options, distinctValues: 2, unique: true, acceptLeakage: true }).bits, 128);
});
