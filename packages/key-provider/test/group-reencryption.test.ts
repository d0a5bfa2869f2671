import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldRewriter, GroupKeys, LazyReEncryption } from '../src/index.ts';
import { documentScene, jobOver, place, type RecordScene, sqliteScene } from './support/reencryption-scene.ts';

const partition = 'patients.ssn';
const keys = [1, 2, 3].map((octet) => new Uint8Array(32).fill(octet));

/** Rows of a sealed group, all under the primary version and the group's first epoch. */
function groupScene(scene: RecordScene, rows: number) {
  const groups = new GroupKeys({
    tenant: 'acme',
    groups: { doctors: { mode: 'sealed', epoch: 1 } },
    sealedKey: (_, epoch) => keys[epoch - 1],
  });
  const access = groups.forReEncryption('doctors');
  const encryption = scene.keys.encryption();
  scene.keys.primaryVersion = 2;
  const names = Array.from({ length: rows }, (_, i) => `p${String(i).padStart(6, '0')}`);
  const write = (name: string) => scene.put(name, encryption.encrypt({ ...place(name), access }, `of ${name}`));
  const read = async (name: string) =>
    Buffer.from(await encryption.decrypt({ ...place(name), access }, scene.get(name))).toString();
  for (const name of names) write(name);
  const rewriter = new FieldRewriter(encryption, {
    [partition]: { collection: 'patients', field: 'ssn', documentId: ({ key }) => key, access },
  });
  return { groups, access, encryption, names, write, read, rewriter };
}

const epochOf = (record: Uint8Array): number => Buffer.from(record).readUInt32BE(12);

for (const [store, makeScene] of Object.entries({ SQLite: sqliteScene, documents: documentScene })) {
  test(`a new epoch of a group is due for re-encryption, under the same version (${store})`, async () => {
    const scene = await makeScene();
    const { groups, access, encryption, names, read, rewriter } = groupScene(scene, 250);
    const first = scene.get('p000000');
    assert.equal(encryption.isStale(first, access), false);
    assert.equal(await jobOver(scene, { rewriter }).job.run(), 'done');
    assert.deepEqual(scene.get('p000000'), first);
    groups.startEpoch('doctors', 3);
    assert.equal(encryption.isStale(first, access), true);
    // Without the group nothing is known of epochs.
    assert.equal(encryption.isStale(first), false);
    const { job } = jobOver(scene, { rewriter });
    assert.equal(await job.run(), 'done');
    assert.equal(job.progress().rewritten, 250);
    for (const name of names) {
      assert.equal(epochOf(scene.get(name)), 3);
      assert.equal(await read(name), `of ${name}`);
    }
  });
}

test('an epoch that begins in the middle of a job is carried through to the end', async () => {
  const scene = await sqliteScene();
  const { groups, names, rewriter } = groupScene(scene, 300);
  groups.startEpoch('doctors', 2);
  let passes = 0;
  const { job } = jobOver(scene, {
    rewriter,
    isAcknowledged: async () => {
      passes += 1;
      // Before the second scan: nothing of the first one counts any more.
      if (passes === 2) groups.startEpoch('doctors', 3);
      return true;
    },
  });
  assert.equal(await job.run(), 'done');
  assert.deepEqual([...new Set(names.map((name) => epochOf(scene.get(name))))], [3]);
  assert.equal(job.progress().rewritten, 600);
});

test('what somebody has written under a newer epoch than is known here stays', async () => {
  const scene = await sqliteScene();
  const { groups, names, write, rewriter } = groupScene(scene, 10);
  groups.startEpoch('doctors', 3);
  for (const name of names) write(name);
  const behind = groupScene({ ...scene, put: () => undefined }, 0);
  const { job } = jobOver(scene, { rewriter: behind.rewriter });
  assert.equal(await job.run(), 'done');
  assert.equal(job.progress().rewritten, 0);
  assert.equal(epochOf(scene.get('p000000')), 3);
  assert.equal(rewriter.groupEpoch(partition), 3);
});

test('what is read under an older epoch is encrypted anew behind the read', async () => {
  const scene = await sqliteScene();
  const { groups, rewriter } = groupScene(scene, 2);
  const failures: unknown[] = [];
  const lazy = new LazyReEncryption({
    ...{ storage: scene.storage, rewriter, onFailure: (error: unknown) => failures.push(error) },
    target: () => ({ lineId: scene.keys.lineId, version: 2 }),
  });
  const offer = (key: string) => lazy.offer(partition, { key, record: scene.get(key), columns: {} });
  assert.equal(offer('p000000'), false);
  groups.startEpoch('doctors', 2);
  assert.equal(offer('p000000'), true);
  await lazy.settled();
  assert.deepEqual(
    ['p000000', 'p000001'].map((key) => epochOf(scene.get(key))),
    [2, 1],
  );
  assert.equal(offer('p000000'), false);
  assert.deepEqual(failures, []);
});
