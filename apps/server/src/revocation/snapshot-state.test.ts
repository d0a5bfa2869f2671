import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snapshotEntryFromHex, sortEntries } from '@vcc-pki/x509';
import fc from 'fast-check';
import type { SnapshotRow } from '../store/index.ts';
import { SnapshotState } from './snapshot-state.ts';

const now = Date.UTC(2026, 10, 28);
const later = now + 86_400_000;

function row(n: number, revision: number, notAfter = later): SnapshotRow {
  return { revision, serialNumber: `01${n.toString(16).padStart(6, '0')}`, notAfter };
}

const entries = (numbers: readonly number[]): Uint8Array =>
  sortEntries(numbers.map((n) => snapshotEntryFromHex(row(n, 0).serialNumber)));

async function* pagesOf(rows: readonly SnapshotRow[], size: number) {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}

test('everything is what was loaded and what came later, each once and without what has ended', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(300), { maxLength: 200 }),
      fc.array(fc.nat(300), { maxLength: 50 }),
      fc.integer({ min: 1, max: 40 }),
      async (old, added, pageSize) => {
        const hasEnded = (n: number) => n % 7 === 0;
        const rowOf = (n: number, revision: number) => row(n, revision, hasEnded(n) ? now - 2000 : later);
        const state = new SnapshotState(old.length);
        await state.load(
          pagesOf(
            old.map((n, i) => rowOf(n, i + 1)),
            pageSize,
          ),
          () => now,
        );
        for (const [i, n] of added.entries()) state.add([rowOf(n, old.length + i + 1)]);
        const alive = [...old, ...added].filter((n) => !hasEnded(n));
        const all = await state.all(now);
        assert.equal(all.revision, old.length + added.length);
        assert.deepEqual(Buffer.from(all.entries), Buffer.from(entries(alive)));
        assert.deepEqual(Buffer.from((await state.all(now)).entries), Buffer.from(all.entries));
        for (const from of [0, Math.floor(added.length / 2), added.length]) {
          const expected = entries(added.slice(from).filter((n) => !hasEnded(n)));
          assert.deepEqual(state.since(old.length + from, now), expected);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('changes before the beginning, and beyond the end, are not known one by one', () => {
  const state = new SnapshotState(10);
  state.add([row(1, 11), row(2, 14)]);
  assert.equal(state.since(9, now), undefined);
  assert.equal(state.since(15, now), undefined);
  assert.deepEqual(state.since(14, now), new Uint8Array(0));
  assert.deepEqual(state.since(12, now), entries([2]));
});

test('a log that has become long is cut, and everything is still there', async () => {
  const state = new SnapshotState(0, 100);
  const count = 170;
  state.add(Array.from({ length: count }, (_, i) => row(i, i + 1)));
  assert.equal((await state.all(now)).entries.length, count * 8);
  assert.equal(state.since(0, now), undefined);
  assert.equal(state.since(count - 3, now)?.length, 24);
  state.add([row(count, count + 1)]);
  assert.equal((await state.all(now)).entries.length, (count + 1) * 8);
});
