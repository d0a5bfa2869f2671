import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { toKekRoot } from './kek-root.ts';
import { SeedVault } from './seed-vault.ts';

const newVault = () => new SeedVault(toKekRoot(generateKeyPairSync('x25519').privateKey));
const name = { line: 'themis-main', version: 3 };
const seed = new Uint8Array(randomBytes(32));
const refusedWith = (code: string) => (error: unknown) => error instanceof PkiError && error.code === code;

test('a seed opens for its own line and version alone, and is erased afterwards', async () => {
  const vault = newVault();
  const sealed = { octets: vault.seal(seed, name), rootId: vault.rootId };
  let seen: Uint8Array | undefined;
  const opened = await vault.withSeed(sealed, name, async (octets) => {
    seen = octets;
    return Buffer.from(octets);
  });
  assert.deepEqual(opened, Buffer.from(seed));
  assert.deepEqual(seen, new Uint8Array(32));
  for (const other of [
    { ...name, line: 'themis-other' },
    { ...name, version: 4 },
  ]) {
    await assert.rejects(
      vault.withSeed(sealed, other, async () => undefined),
      refusedWith('serverInternal'),
    );
  }
});

test('a seed is erased when its use fails, too', async () => {
  const vault = newVault();
  const sealed = { octets: vault.seal(seed, name), rootId: vault.rootId };
  let seen: Uint8Array | undefined;
  const use = vault.withSeed(sealed, name, async (octets) => {
    seen = octets;
    throw new RangeError('no');
  });
  await assert.rejects(use, RangeError);
  assert.deepEqual(seen, new Uint8Array(32));
});

test('no changed octet of a sealed seed opens, and no two seals are the same', async () => {
  const vault = newVault();
  const octets = vault.seal(seed, name);
  assert.notDeepEqual(vault.seal(seed, name), octets);
  for (let n = 0; n < octets.length; n += 1) {
    const changed = { octets: octets.with(n, octets[n]! ^ 1), rootId: vault.rootId };
    await assert.rejects(
      vault.withSeed(changed, name, async () => undefined),
      refusedWith('serverInternal'),
    );
  }
  const cut = { octets: octets.subarray(1), rootId: vault.rootId };
  await assert.rejects(
    vault.withSeed(cut, name, async () => undefined),
    refusedWith('serverInternal'),
  );
});

test('another root opens nothing, and says so', async () => {
  const [vault, other] = [newVault(), newVault()];
  const octets = vault.seal(seed, name);
  await assert.rejects(
    other.withSeed({ octets, rootId: vault.rootId }, name, async () => undefined),
    refusedWith('notReady'),
  );
  await assert.rejects(
    other.withSeed({ octets, rootId: other.rootId }, name, async () => undefined),
    refusedWith('serverInternal'),
  );
});
