import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { FieldEncryption, KeyError, type KeyErrorCode } from '@vcc-pki/key-provider';
import { memoryKeks } from './support/memory-keks.ts';

const keks = memoryKeks();
keks.add(123);
const fields = new FieldEncryption({ keys: keks, line: 'themis-main', tenant: 'acme' });
const scan = { collection: 'patients', field: 'scan', documentId: 'p-1' };
const chunk = 65_536;

async function* inPieces(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < octets.length; i += size) yield octets.subarray(i, i + size);
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(source));
}

const seal = (octets: Uint8Array, size = 100_000): Promise<Buffer> =>
  gather(fields.encryptStream(scan, inPieces(octets, size)));
const open = (octets: Uint8Array, place = scan, size = 70_001): Promise<Buffer> =>
  gather(fields.decryptStream(place, inPieces(octets, size)));
const refuses =
  (...codes: KeyErrorCode[]) =>
  (error: unknown) =>
    error instanceof KeyError && codes.includes(error.code);

test('a stream of every length comes back, however it is cut into pieces', async () => {
  for (const length of [0, 1, 15, 16, chunk - 1, chunk, chunk + 1, 3 * chunk, 200_000]) {
    const value = randomBytes(length);
    const sealed = await seal(value, 1 + (length % 50_021));
    assert.equal(sealed.length, 12 + 24 + 32 + length + 16 * Math.max(1, Math.ceil(length / chunk)));
    for (const size of [997, 70_001, sealed.length]) assert.deepEqual(await open(sealed, scan, size), value);
  }
});

test('a stream that is cut off, anywhere, is refused', async () => {
  const sealed = await seal(randomBytes(2 * chunk + 5));
  const first = 68 + chunk + 16;
  for (const length of [
    0,
    11,
    12,
    40,
    67,
    68,
    83,
    84,
    first - 1,
    first,
    first + 1,
    2 * first - 68,
    sealed.length - 1,
  ]) {
    await assert.rejects(open(sealed.subarray(0, length)), KeyError, `${length}`);
  }
  await assert.rejects(open(Buffer.concat([sealed, Uint8Array.of(0)])), refuses('TAMPERED'));
});

test('chunks that are swapped, repeated, left out or of another stream are refused', async () => {
  const value = randomBytes(3 * chunk);
  const [sealed, other] = [await seal(value), await seal(value)];
  const at = (from: Buffer, index: number): Buffer =>
    from.subarray(68 + index * (chunk + 16), 68 + (index + 1) * (chunk + 16));
  const head = sealed.subarray(0, 68);
  for (const chunks of [
    [at(sealed, 1), at(sealed, 0), at(sealed, 2)],
    [at(sealed, 0), at(sealed, 0), at(sealed, 2)],
    [at(sealed, 0), at(sealed, 2)],
    [at(sealed, 0), at(other, 1), at(sealed, 2)],
  ]) {
    await assert.rejects(open(Buffer.concat([head, ...chunks])), refuses('TAMPERED'));
  }
});

test('every flipped bit of header, nonce, commitment and tag is refused', async () => {
  const sealed = await seal(Buffer.from('abc'));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await assert.rejects(open(changed), KeyError, `bit ${bit}`);
  }
});

test('a stream belongs to its place, and is no record', async () => {
  const sealed = await seal(Buffer.from('abc'));
  await assert.rejects(open(sealed, { ...scan, documentId: 'p-2' }), refuses('TAMPERED'));
  await assert.rejects(open(sealed, { ...scan, field: 'ssn' }), refuses('WRONG_KEY'));
  await assert.rejects(fields.decrypt(scan, sealed), refuses('UNSUPPORTED_SUITE'));
  await assert.rejects(open(fields.encrypt(scan, 'abc')), refuses('UNSUPPORTED_SUITE'));
});

test('a revocation ends a stream that is under way', async () => {
  const own = memoryKeks();
  const kek = own.add(5);
  const encryption = new FieldEncryption({ keys: own, line: 'themis-main', tenant: 'acme' });
  const stream = encryption.encryptStream(scan, inPieces(randomBytes(5 * chunk), chunk));
  await stream.next();
  await stream.next();
  kek.erase('KEK_REVOKED');
  await assert.rejects(stream.next(), refuses('KEK_REVOKED'));
});

test('pipes, and lets its source go when the reader stops', async () => {
  const sealed: Uint8Array[] = [];
  const value = randomBytes(300_000);
  await pipeline(
    Readable.from(inPieces(value, 1000)),
    (source) => fields.encryptStream(scan, source),
    async (source) => {
      for await (const piece of source) sealed.push(piece);
    },
  );
  assert.deepEqual(await open(Buffer.concat(sealed)), value);
  const source = Readable.from(inPieces(value, 1000));
  for await (const _ of fields.encryptStream(scan, source)) break;
  assert.ok(source.destroyed);
});
