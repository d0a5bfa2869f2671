// Records that earlier versions wrote, and the same ones through a program in another language.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  type Binding,
  FieldEncryption,
  GroupKeys,
  KekHandle,
  type KekSource,
  type KeyPurpose,
  keyLabels,
  type LabelPiece,
  type SuiteName,
} from '@vcc-pki/key-provider';
import { labelPieces } from './support/label-pieces.ts';

const file = join(import.meta.dirname, 'vectors/ciphertext-v1.json');
const vectors = JSON.parse(readFileSync(file, 'utf8'));
const root = Buffer.from(vectors.root, 'hex');
const { lineName, lineId, version, tenant } = vectors;
const newKek = () => new KekHandle({ lineName, lineId, version, root });
const kek = newKek();
const keys: KekSource = { primary: () => kek, byVersion: () => kek };
const purposes = Object.keys(keyLabels) as KeyPurpose[];

interface GoldenRecord {
  readonly suite: SuiteName;
  readonly binding: Binding;
  readonly group?: string;
  readonly collection: string;
  readonly field: string;
  readonly documentId?: string | number;
  readonly rowVersion?: number;
  readonly value: string;
  readonly record: string;
}

test('every label gives the key that it always gave', () => {
  assert.deepEqual(
    vectors.labels.map(({ purpose }: { purpose: string }) => purpose),
    purposes,
  );
  for (const { purpose, label, pieces, key } of vectors.labels) {
    assert.equal(keyLabels[purpose as KeyPurpose], label);
    const octets = pieces.map((piece: string) => Buffer.from(piece, 'hex'));
    const slot = kek.expandDek(purpose, octets, purpose === 'deterministic' ? 64 : 32);
    assert.equal(slot.toString('hex'), key, purpose);
  }
});

test('another label, another piece, or two pieces that change places give another key', () => {
  const keyOf = (purpose: KeyPurpose, pieces: readonly LabelPiece[]): string =>
    kek.withDek(purpose, pieces, (key) => Buffer.from(key).toString('hex'));
  const seen = new Map<string, string>();
  const add = (purpose: KeyPurpose, pieces: readonly LabelPiece[]): void => {
    const name = [purpose, ...pieces.map((piece) => Buffer.from(piece).toString('hex'))].join('/');
    const key = keyOf(purpose, pieces);
    assert.equal(seen.get(key) ?? name, name);
    seen.set(key, name);
  };
  for (const purpose of purposes) {
    const pieces = labelPieces[purpose];
    for (const other of purposes) add(other, pieces);
    for (const i of pieces.keys()) {
      add(purpose, pieces.toSpliced(i, 1));
      add(purpose, pieces.with(i, Buffer.concat([Buffer.from(pieces[i] ?? ''), Buffer.from('x')])));
      for (let j = 0; j < i; j++) add(purpose, pieces.with(i, pieces[j] ?? '').with(j, pieces[i] ?? ''));
      // The same octets, cut elsewhere.
      if (i > 0)
        add(
          purpose,
          pieces.toSpliced(i - 1, 2, Buffer.concat([Buffer.from(pieces[i - 1] ?? ''), Buffer.from(pieces[i] ?? '')])),
        );
    }
  }
  assert.ok(seen.size > 200);
});

test('10,000 derivations at once give the keys of 10,000 one after another', async () => {
  const derive = (handle: KekHandle, i: number): string => {
    const scope = { tenant: `t${i % 7}`, collection: `c${i % 101}`, field: `f${i}` };
    return Buffer.from(handle.fieldKey(1, scope).secret).toString('hex');
  };
  const [one, other] = [newKek(), newKek()];
  const serial = Array.from({ length: 10_000 }, (_, i) => derive(one, i));
  const order = serial.map((_, i) => (i * 7919) % serial.length);
  const concurrent = await Promise.all(
    order.map(async (i) => {
      await new Promise((resolve) => setImmediate(resolve));
      return [i, derive(other, i)] as const;
    }),
  );
  for (const [i, key] of concurrent) assert.equal(key, serial[i]);
  assert.equal(new Set(serial).size, serial.length);
  one.close();
  other.close();
});

test('records that were written once are read', async () => {
  const groups = new GroupKeys({ tenant, groups: { doctors: { mode: 'derived', epoch: 7 } } });
  const admission = groups.admitVerified({ subject: 'a', groups: ['doctors'], expiresAtMs: Date.now() + 60_000 });
  for (const { suite, binding, group, value, record, ...place } of vectors.records as GoldenRecord[]) {
    const policy = { suite, binding, allowNonAes: suite === 'KC-XChaCha20-Poly1305' };
    const fields = new FieldEncryption({ keys, line: lineName, tenant, policy });
    const access = group === undefined ? undefined : admission.accesses([group])[0];
    const octets = await fields.decrypt({ ...place, access }, Buffer.from(record, 'hex'));
    assert.equal(Buffer.from(octets).toString(), value);
  }
});

test('streams that were written once are read', async () => {
  const fields = new FieldEncryption({ keys, line: lineName, tenant });
  for (const { octet, length, stream, ...place } of vectors.streams) {
    const source = (async function* () {
      yield Buffer.from(stream, 'base64');
    })();
    const pieces = await Array.fromAsync(fields.decryptStream(place, source));
    assert.equal(Buffer.concat(pieces).toString(), octet.repeat(length));
  }
});

/** A Python with the package `cryptography`: the system's, or the first in the PATH. */
const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import cryptography'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

test('a short program in Python reads them all by the documentation alone', {
  skip: python === undefined && 'SKIPPED: no Python with the package cryptography here; CI has it',
}, async () => {
  const { stdout } = await promisify(execFile)(python ?? '', [join(import.meta.dirname, 'decrypt_vectors.py'), file]);
  const kinds = [vectors.labels, vectors.records, vectors.streams, vectors.indexes];
  assert.equal(
    Number(stdout),
    kinds.reduce((sum, cases) => sum + cases.length, 0),
  );
});
