import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PendingRevocations } from './pending-revocations.ts';

test('a shard lacks what was noted and is not covered', () => {
  const pending = new PendingRevocations();
  pending.note({ shard: 1, revision: 5 }, 5);
  assert.equal(pending.has(1), false);
  assert.equal(pending.oldest(), Number.POSITIVE_INFINITY);
  for (const revision of [7, 9]) pending.note({ shard: 1, revision }, 5);
  pending.note({ shard: 2, revision: 8 }, 0);
  assert.deepEqual([pending.oldest(), pending.newest], [7, 9]);
  pending.covered(1, 7);
  assert.deepEqual([pending.has(1), pending.oldest()], [true, 8]);
  pending.covered(1, 9);
  pending.covered(2, 8);
  assert.deepEqual(
    [pending.has(1), pending.has(2), pending.oldest(), pending.newest],
    [false, false, Number.POSITIVE_INFINITY, 9],
  );
});

test('everything before the oldest is covered, in whatever order revocations and CRLs come', () => {
  const shard = fc.integer({ min: 0, max: 3 });
  const step = fc.record({ shard, covers: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pending = new PendingRevocations();
      const covered = [0, 0, 0, 0];
      const revocations: { shard: number; revision: number }[] = [];
      for (const { shard, covers } of steps) {
        if (covers) {
          covered[shard] = revocations.length;
          pending.covered(shard, revocations.length);
        } else {
          const revocation = { shard, revision: revocations.length + 1 };
          revocations.push(revocation);
          pending.note(revocation, covered[shard] as number);
        }
        const lacking = revocations.filter((each) => each.revision > (covered[each.shard] as number));
        assert.ok(lacking.every(({ revision }) => revision >= pending.oldest()));
        assert.deepEqual(
          [0, 1, 2, 3].filter((each) => pending.has(each)),
          [...new Set(lacking.map((each) => each.shard))].sort(),
        );
      }
    }),
  );
});
