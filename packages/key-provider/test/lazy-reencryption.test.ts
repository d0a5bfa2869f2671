import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldRewriter, LazyReEncryption, type LazyReEncryptionOptions } from '../src/index.ts';
import { fill, place, type RecordScene, sqliteScene, versionOf } from './support/reencryption-scene.ts';

function lazyOver({ storage, keys }: RecordScene, options: Partial<LazyReEncryptionOptions> = {}): LazyReEncryption {
  const places = {
    'patients.ssn': { collection: 'patients', field: 'ssn', documentId: ({ key }: { key: unknown }) => String(key) },
  };
  return new LazyReEncryption({
    storage,
    rewriter: new FieldRewriter(keys.encryption(), places),
    target: () => ({ lineId: keys.lineId, version: keys.primaryVersion }),
    ...options,
  });
}

const row = (scene: RecordScene, key: string) => ({ key, record: scene.get(key), columns: {} });

test('what is read under an old version is encrypted anew behind the read, once', async () => {
  const scene = await sqliteScene();
  fill(scene, 3);
  const lazy = lazyOver(scene);
  assert.deepEqual(
    ['p000000', 'p000000', 'p000001'].map((key) => lazy.offer('patients.ssn', row(scene, key))),
    [true, false, true],
  );
  assert.equal(versionOf(scene.get('p000000')), 1);
  await lazy.settled();
  assert.deepEqual(
    ['p000000', 'p000001', 'p000002'].map((key) => versionOf(scene.get(key))),
    [2, 2, 1],
  );
  assert.equal(lazy.offer('patients.ssn', row(scene, 'p000000')), false);
  assert.deepEqual(lazy.counts, { queued: 0, rewritten: 2, dropped: 0 });
});

test('the newest is dropped when there is no room, and left to the job', async () => {
  const scene = await sqliteScene();
  const names = fill(scene, 5);
  const lazy = lazyOver(scene, { maxQueued: 3 });
  for (const key of names) lazy.offer('patients.ssn', row(scene, key));
  await lazy.settled();
  assert.deepEqual(lazy.counts, { queued: 0, rewritten: 3, dropped: 2 });
  assert.equal(versionOf(scene.get('p000004')), 1);
});

test('a row that was changed meanwhile stays as it is, and a failure is told and fails no read', async () => {
  const scene = await sqliteScene();
  fill(scene, 2);
  const failures: unknown[] = [];
  const lazy = lazyOver(scene, { onFailure: (error) => failures.push(error) });
  lazy.offer('patients.ssn', row(scene, 'p000000'));
  const newer = scene.keys.encryption().encrypt(place('p000000'), 'newer');
  scene.put('p000000', newer);
  lazy.offer('patients.ssn', { ...row(scene, 'p000001'), key: 'another document' });
  await lazy.settled();
  assert.deepEqual(Buffer.from(scene.get('p000000')), Buffer.from(newer));
  assert.deepEqual(
    failures.map((error) => (error as { code: string }).code),
    ['CONTEXT_MISMATCH'],
  );
});

test('nothing is queued where nothing may be written', async () => {
  const scene = await sqliteScene();
  fill(scene, 1);
  assert.equal(lazyOver(scene, { isWritable: () => false }).offer('patients.ssn', row(scene, 'p000000')), false);
});
