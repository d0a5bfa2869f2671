import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NegativeCache } from './negative-cache.ts';

test('believes "no such KEK" for 30 s give or take half, to the millisecond', () => {
  for (const [random, endMs] of [
    [0, 15_000],
    [0.5, 30_000],
    [1, 45_000],
  ] as const) {
    let nowMs = 0;
    const cache = new NegativeCache<string>({ monotonic: () => nowMs, random: () => random });
    cache.remember('kek_9', 'KEK_UNKNOWN', { ttlMs: 30_000, spread: 0.5 });
    nowMs = endMs - 1;
    assert.equal(cache.find('kek_9'), 'KEK_UNKNOWN');
    nowMs = endMs;
    assert.equal(cache.find('kek_9'), undefined);
    assert.equal(cache.hits, 1);
  }
});

test('forgets all after a change, and the oldest when there is no room', () => {
  const cache = new NegativeCache<true>({ monotonic: () => 0, random: () => 0.5, maxEntries: 2 });
  for (const key of ['a', 'b', 'c']) cache.remember(key, true, { ttlMs: 5_000 });
  assert.deepEqual([cache.find('a'), cache.find('b'), cache.find('c')], [undefined, true, true]);
  cache.clear();
  assert.equal(cache.size, 0);
});
