import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type PageQuery, readPages } from './read-pages.ts';

test('pages add up to the listing, up to the limit, whatever their size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1200),
      fc.integer({ min: 1, max: 500 }),
      fc.option(fc.integer({ min: 1, max: 1300 }), { nil: Number.POSITIVE_INFINITY }),
      async (total, largest, limit) => {
        const all = Array.from({ length: total }, (_, i) => i);
        const readPage = async ({ limit: wanted, cursor }: PageQuery) => {
          const start = Number(cursor ?? 0);
          const end = start + Math.min(wanted, largest);
          return { items: all.slice(start, end), next_cursor: end < total ? String(end) : null };
        };
        const { items, isComplete } = await readPages(readPage, limit);
        assert.deepEqual(items, all.slice(0, limit));
        assert.equal(isComplete, limit >= total);
      },
    ),
  );
});
