import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveKek, type KekKem } from '@vcc-pki/kek';
import {
  FieldEncryption,
  KeyError,
  type KeyErrorCode,
  ManualTime,
  SealedReader,
  SealedWriter,
  type SealedWriterOptions,
} from '@vcc-pki/key-provider';
import { memoryKeks } from './support/memory-keks.ts';

const place = { collection: 'log', field: 'line', documentId: 1 };
const text = (octets: Uint8Array): string => Buffer.from(octets).toString();
const refuses = (code: KeyErrorCode) => (error: unknown) => error instanceof KeyError && error.code === code;

async function scene(kem: KekKem, options: Partial<SealedWriterOptions> = {}) {
  const time = new ManualTime(1_800_000_000_000);
  const derived = await deriveKek(new Uint8Array(32).fill(9), { line: 'themis-main', version: 123, kem });
  const keks = memoryKeks();
  const kek = keks.add(123, { root: derived.root, kexPrivateKey: derived.kexPrivateKey, kem });
  const stored = new Map<string, Uint8Array>();
  const facts = { lineId: 3, version: 123, publicKey: derived.kexPublicKey, notAfterWriteMs: time.now() + 86_400_000 };
  const writer = new SealedWriter({
    kek: () => facts,
    tenant: 'acme',
    time,
    storeSession: async (name, enc) => void stored.set(Buffer.from(name).toString('hex'), enc),
    ...options,
  });
  const sealed = new SealedReader({ loadSession: async (name) => stored.get(Buffer.from(name).toString('hex')) });
  const reader = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme', sealed });
  return { time, keks, kek, writer, reader, stored };
}

for (const kem of ['X25519', 'P-256', 'X-Wing'] as const) {
  test(`what was sealed to the certificate is read with the KEK: ${kem}`, async () => {
    const { writer, reader } = await scene(kem);
    const record = await writer.encrypt(place, 'abc');
    assert.equal(record.length, 84 + (kem === 'X25519' ? 32 : 16) + 3);
    assert.equal((record[3] ?? 0) & 0x08, 0x08);
    assert.equal(text(await reader.decrypt(place, record)), 'abc');
    const results = await writer.encryptMany({ collection: 'log', field: 'line' }, [
      { value: 'a', documentId: 1 },
      { value: 'b', documentId: 2 },
    ]);
    const back = await reader.decryptMany(
      { collection: 'log', field: 'line' },
      results.map(({ value }, i) => ({ value: value ?? assert.fail(), documentId: i + 1 })),
    );
    assert.deepEqual(
      back.map(({ value }) => text(value ?? assert.fail())),
      ['a', 'b'],
    );
    await assert.rejects(reader.decrypt({ ...place, documentId: 2 }, record), refuses('CONTEXT_MISMATCH'));
    await assert.rejects(reader.decrypt({ ...place, field: 'other' }, record), refuses('WRONG_KEY'));
  });
}

test('every flipped bit of a sealed record is refused', async () => {
  const { writer, reader } = await scene('X25519');
  const record = await writer.encrypt(place, 'abc');
  for (let bit = 0; bit < record.length * 8; bit++) {
    // X25519 ignores the highest bit of a point (RFC 7748 s5); the KDF of the KEM does not.
    const changed = Uint8Array.from(record);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await assert.rejects(reader.decrypt(place, changed), KeyError, `bit ${bit}`);
  }
});

test('another seed does not open it, and without the private key nothing does', async () => {
  const { writer, keks } = await scene('X25519');
  const record = await writer.encrypt(place, 'abc');
  const other = await deriveKek(new Uint8Array(32).fill(8), { line: 'themis-main', version: 123, kem: 'X25519' });
  const reading = (options: { kexPrivateKey?: CryptoKey }) => {
    keks.add(123, { root: other.root, ...options });
    return new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme', sealed: new SealedReader() });
  };
  await assert.rejects(reading({ kexPrivateKey: other.kexPrivateKey }).decrypt(place, record), refuses('WRONG_KEY'));
  await assert.rejects(reading({}).decrypt(place, record), refuses('KEK_UNKNOWN'));
  const blind = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme' });
  await assert.rejects(blind.decrypt(place, record), refuses('KEK_UNKNOWN'));
});

test('a session ends after an hour, and the writing with the certificate', async () => {
  const { writer, time } = await scene('X25519');
  const encOf = (record: Uint8Array): string => Buffer.from(record.subarray(12, 44)).toString('hex');
  const first = encOf(await writer.encrypt(place, 'a'));
  time.pass(3_599_999);
  assert.equal(encOf(await writer.encrypt(place, 'a')), first);
  time.pass(1);
  assert.notEqual(encOf(await writer.encrypt(place, 'a')), first);
  time.pass(86_400_000);
  await assert.rejects(writer.encrypt(place, 'a'), refuses('KEK_STALE'));
  writer.close();
  await assert.rejects(writer.encrypt(place, 'a'), refuses('PROVIDER_CLOSED'));
});

test('many first records at once share one session', async () => {
  const { writer, stored } = await scene('P-256');
  await Promise.all(Array.from({ length: 20 }, (_, i) => writer.encrypt(place, `${i}`)));
  assert.equal(stored.size, 1);
});

test('a key agreement whose sessions have to be stored asks for a store, and a lost session is named', async () => {
  const { writer } = await scene('P-256', { storeSession: undefined });
  await assert.rejects(writer.encrypt(place, 'a'), TypeError);
  const other = await scene('P-256');
  const record = await other.writer.encrypt(place, 'a');
  other.stored.clear();
  await assert.rejects(other.reader.decrypt(place, record), refuses('KEK_UNKNOWN'));
});

test('an erased KEK closes the sessions that were opened with it', async () => {
  const { writer, reader, kek } = await scene('X25519');
  const record = await writer.encrypt(place, 'a');
  await reader.decrypt(place, record);
  kek.erase('KEK_REVOKED');
  await assert.rejects(reader.decrypt(place, record), refuses('KEK_REVOKED'));
});
