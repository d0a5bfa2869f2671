import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KekState } from '../src/cache/judge-use.ts';
import { type CachedKek, KekCache } from '../src/cache/kek-cache.ts';
import { KekHandle } from '../src/keys/kek-handle.ts';
import { TestCa } from './support/test-ca.ts';

const ca = new TestCa({ validity: { notBefore: 0, notAfter: 1 } });

function entry(version: number, state: KekState): CachedKek<KekHandle> {
  const handle = new KekHandle({ lineName: 'themis-main', lineId: 7, version, root: new Uint8Array(32).fill(version) });
  const moment = { wallMs: 0, monotonicMs: 0 };
  return {
    description: {
      id: `kek_${version}`,
      lineName: 'themis-main',
      lineId: 7,
      version,
      state,
      isCompromised: false,
      epoch: version,
      notBeforeWriteMs: 0,
      notAfterWriteMs: 1,
    },
    certificateDer: new Uint8Array(),
    serialNumber: Uint8Array.of(version),
    issuer: ca.certificate,
    crlPoint: undefined,
    intermediates: [],
    handle,
    isRevoked: false,
    confirmedAt: moment,
    validatedAt: moment,
    refreshAfterMs: 0,
    crlNextUpdateMs: undefined,
  };
}

test('the least recently used goes first, and what must be at hand never goes', () => {
  const cache = new KekCache<KekHandle>({ maxVersions: 2 });
  const entries = Array.from({ length: 8 }, (_, i) =>
    entry(i + 1, i === 6 ? 'PRIMARY' : i === 7 ? 'PENDING' : 'ENABLED'),
  );
  for (const one of entries) cache.put(one);
  // 7 primary, 8 pending, 6 the newest of the others: pinned. Of 1 to 5 the last two are left.
  assert.deepEqual([...cache.entries()].map(({ description }) => description.version).sort(), [4, 5, 6, 7, 8]);
  assert.equal(cache.evictions, 3);
  assert.deepEqual(
    entries.map(({ handle }) => handle.usable),
    [false, false, false, true, true, true, true, true],
  );
  cache.find('kek_4');
  cache.put(entry(3, 'ENABLED'));
  assert.equal(cache.findVersion(7, 5), undefined);
  assert.equal(cache.findVersion(7, 4)?.description.id, 'kek_4');
  assert.equal(cache.primary('themis-main')?.description.version, 7);
});

test('a key in use is erased by the last one who lets go of it, and nobody new gets it', () => {
  const cache = new KekCache<KekHandle>({ maxVersions: 10 });
  const one = entry(1, 'PRIMARY');
  cache.put(one);
  const { secret } = one.handle.retain().fieldKey(1, { tenant: 't', collection: 'c', field: 'f' });
  cache.drop('kek_1');
  assert.equal(cache.find('kek_1'), undefined);
  assert.equal(cache.findVersion(7, 1), undefined);
  assert.ok(secret.some((octet) => octet !== 0));
  one.handle.release();
  // With the KEK the keys that were derived from it.
  assert.ok(secret.every((octet) => octet === 0));
  assert.throws(() => one.handle.retain(), { code: 'PROVIDER_CLOSED' });
});

test('a promotion moves the primary, and a version that is put again replaces and erases the old one', () => {
  const cache = new KekCache<KekHandle>({ maxVersions: 10 });
  const [old, next] = [entry(1, 'PRIMARY'), entry(2, 'PENDING')];
  cache.put(old);
  cache.put(next);
  cache.describe({ ...old.description, state: 'ENABLED' });
  cache.describe({ ...next.description, state: 'PRIMARY' });
  assert.equal(cache.primary('themis-main'), next);
  const again = entry(2, 'PRIMARY');
  cache.put(again);
  assert.equal(next.handle.usable, false);
  assert.equal(cache.primary('themis-main'), again);
  cache.clear();
  assert.deepEqual([cache.size, old.handle.usable, again.handle.usable], [0, false, false]);
});
