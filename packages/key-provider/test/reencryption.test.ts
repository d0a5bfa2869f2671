import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyError } from '../src/index.ts';
import {
  documentScene,
  fill,
  jobOver,
  place,
  type RecordScene,
  sqliteScene,
  versionOf,
} from './support/reencryption-scene.ts';

const adapters: Record<string, () => Promise<RecordScene>> = { SQLite: sqliteScene, documents: documentScene };

for (const [name, makeScene] of Object.entries(adapters)) {
  describe(`re-encryption over ${name}`, () => {
    test('puts every record under the primary version, and is done after two scans that find nothing', async () => {
      const scene = await makeScene();
      const names = fill(scene, 2_300);
      const { job } = jobOver(scene);
      assert.equal(await job.run(), 'done');
      const { scanned, rewritten, missed, quarantined, pass, cleanScans, state } = job.progress();
      assert.deepEqual(
        { scanned, rewritten, missed, quarantined, pass, cleanScans, state },
        { scanned: 6_900, rewritten: 2_300, missed: 0, quarantined: 0, pass: 3, cleanScans: 2, state: 'done' },
      );
      for (const documentId of names) {
        const record = scene.get(documentId);
        assert.equal(versionOf(record), 2);
        const value = await scene.keys.encryption().decrypt(place(documentId), record);
        assert.equal(Buffer.from(value).toString(), `secret of ${documentId}`);
      }
    });

    test('a writer who is faster wins: nothing is written over what was not read', async () => {
      const scene = await makeScene();
      const names = fill(scene, 250);
      const encryption = scene.keys.encryption();
      const { storage } = scene;
      let races = 0;
      const racing = {
        ...{ partitions: storage.partitions, checkpoint: storage.checkpoint },
        scan: storage.scan.bind(storage),
        estimateRows: storage.estimateRows.bind(storage),
        compareAndSwap: (partition: string, swaps: Parameters<typeof storage.compareAndSwap>[1]) => {
          // Every third row is changed after it was read.
          for (const { key } of swaps.filter((_, i) => i % 3 === 0)) {
            scene.put(String(key), encryption.encrypt(place(String(key)), `newer ${key}`));
            races += 1;
          }
          return storage.compareAndSwap(partition, swaps);
        },
      };
      const { job } = jobOver(scene, { storage: racing });
      assert.equal(await job.run(), 'done');
      assert.ok(races >= 84);
      assert.deepEqual([job.progress().missed, job.progress().rewritten], [races, 250 - races]);
      const values = await Promise.all(names.map((id) => encryption.decrypt(place(id), scene.get(id))));
      assert.equal(values.filter((value) => Buffer.from(value).toString().startsWith('newer')).length, races);
    });

    test('what cannot be encrypted anew is set aside with its reason, and stops nothing', async () => {
      const scene = await makeScene();
      fill(scene, 120);
      const broken = scene.get('p000007').slice();
      broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
      scene.put('p000007', broken);
      scene.put('p000008', scene.get('p000009'));
      scene.put('p000010', new TextEncoder().encode('plaintext that nobody encrypted'));
      const { job, events } = jobOver(scene);
      assert.equal(await job.run(), 'blocked');
      assert.equal(job.progress().rewritten, 117);
      // Once a pass: it is not the record of this format that anybody could encrypt anew.
      assert.equal(job.progress().unrecognized, job.progress().pass);
      assert.deepEqual(await scene.storage.checkpoint.quarantined('job', 10), [
        { partition: 'patients.ssn', key: 'p000007', reason: 'CONTEXT_MISMATCH' },
        { partition: 'patients.ssn', key: 'p000008', reason: 'CONTEXT_MISMATCH' },
      ]);
      assert.deepEqual(scene.get('p000007'), broken);
      assert.ok(events.some(({ type }) => type === 'quarantined'));
    });

    test('stopped, it goes on where it was, in another process too', async () => {
      const scene = await makeScene();
      fill(scene, 1_000);
      const first = jobOver(scene, { onEvent: () => undefined, pageRows: 100 });
      let swaps = 0;
      const { storage } = scene;
      const swap = storage.compareAndSwap.bind(storage);
      storage.compareAndSwap = (...call) => {
        swaps += 1;
        if (swaps === 4) first.job.stop();
        return swap(...call);
      };
      assert.equal(await first.job.run(), 'stopped');
      assert.equal(first.job.progress().rewritten, 400);
      const scans: unknown[] = [];
      const scan = storage.scan.bind(storage);
      storage.scan = (request) => {
        scans.push(request.after);
        return scan(request);
      };
      const second = jobOver(scene, { holder: 'two', pageRows: 100 });
      assert.equal(await second.job.run(), 'done');
      assert.equal(scans[0], 'p000399');
      assert.equal(second.job.progress().rewritten, 1_000);
    });

    test('a process that lost its lease without noticing is shut out', async () => {
      const scene = await makeScene();
      fill(scene, 300);
      const { storage } = scene;
      const swap = storage.compareAndSwap.bind(storage);
      storage.compareAndSwap = async (...call) => {
        storage.compareAndSwap = swap;
        // Slept beyond its lease, and another one came.
        assert.ok(await storage.checkpoint.take('job', { name: 'one', leaseMs: 10_000 }));
        return swap(...call);
      };
      const { job } = jobOver(scene);
      assert.equal(await job.run(), 'fenced');
      assert.equal(job.progress().state, 'fenced');
    });

    test('a lease keeps others out until it runs out or is given back', async () => {
      const { storage } = await makeScene();
      const take = (name: string, leaseMs = 60_000) => storage.checkpoint.take('job', { name, leaseMs });
      assert.equal((await take('one'))?.fencingToken, 1);
      assert.equal(await take('two'), undefined);
      assert.equal((await take('one', 0))?.fencingToken, 2);
      assert.equal((await take('two'))?.fencingToken, 3);
      await storage.checkpoint.release('job', 2);
      assert.equal(await take('one'), undefined);
      await storage.checkpoint.release('job', 3);
      assert.equal((await take('one'))?.fencingToken, 4);
    });

    test('scans count as clean only when they began after all writers had taken over', async () => {
      const scene = await makeScene();
      fill(scene, 10);
      let questions = 0;
      const isAcknowledged = async (): Promise<boolean> => {
        questions += 1;
        if (questions !== 2) return questions > 2;
        // A writer that has not heard of the promotion, behind the scan.
        scene.keys.primaryVersion = 1;
        scene.put('p000000', scene.keys.encryption().encrypt(place('p000000'), 'late'));
        scene.keys.primaryVersion = 2;
        return true;
      };
      const { job } = jobOver(scene, { isAcknowledged });
      assert.equal(await job.run(), 'done');
      assert.equal(versionOf(scene.get('p000000')), 2);
      // The first unacknowledged, the second found the late one, two clean.
      assert.equal(job.progress().pass, 4);
    });

    test('while keys are not to be had it waits, and nothing is set aside', async () => {
      const scene = await makeScene();
      fill(scene, 10);
      scene.keys.failure = new KeyError('KEK_STALE', 'no server for a day');
      const { job, events } = jobOver(scene, {
        onEvent: (event) => {
          events.push(event);
          if (event.type === 'waiting') scene.keys.failure = undefined;
        },
      });
      assert.equal(await job.run(), 'done');
      assert.deepEqual(
        events.flatMap((event) => (event.type === 'waiting' ? [event.retryInMs] : [])),
        [200],
      );
      assert.equal(job.progress().quarantined, 0);
    });

    test('a later rotation begins anew, an earlier one is refused, and other lines are left alone', async () => {
      const scene = await makeScene();
      const names = fill(scene, 5);
      assert.equal(await jobOver(scene).job.run(), 'done');
      const foreign = scene.get('p000000').slice();
      new DataView(foreign.buffer).setUint32(4, 99);
      scene.put('p000000', foreign);
      scene.keys.primaryVersion = 1;
      // Back again: the test is "another version", not "an older one".
      const rollback = jobOver(scene, { target: { lineId: 7, version: 1, epoch: 3 } });
      assert.equal(await rollback.job.run(), 'done');
      assert.deepEqual(
        names.map((name) => versionOf(scene.get(name))),
        [2, 1, 1, 1, 1],
      );
      await assert.rejects(jobOver(scene).job.run(), RangeError);
    });
  });
}

test('paused, it touches nothing and keeps its lease; resumed, it goes on', async () => {
  const scene = await sqliteScene();
  fill(scene, 500);
  const { job } = jobOver(scene, { leaseMs: 60 });
  job.pause();
  const run = job.run();
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(job.progress().state, 'paused');
  assert.equal(job.progress().rewritten, 100);
  assert.equal(await scene.storage.checkpoint.take('job', { name: 'two', leaseMs: 1 }), undefined);
  job.resume();
  assert.equal(await run, 'done');
});

test('the place is saved every thousand rows', async () => {
  const scene = await sqliteScene();
  fill(scene, 5_000);
  let saves = 0;
  const { checkpoint } = scene.storage;
  const save = checkpoint.save.bind(checkpoint);
  checkpoint.save = (...call) => {
    saves += 1;
    return save(...call);
  };
  const { job } = jobOver(scene);
  assert.equal(await job.run(), 'done');
  // Three passes of 5,000 rows, and the beginnings and ends of each.
  assert.ok(saves >= 15 && saves <= 22, `${saves}`);
});
