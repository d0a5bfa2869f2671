/**
 * `node run-memory-scan.ts`: uses KEK, field keys, group keys and indexes, closes everything, and looks through its own memory
 * for the keys. Prints how often each was found before and after, as JSON.
 *
 * @module
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { FieldEncryption, GroupKeys, KekHandle, type KekSource, SecretMemory } from '@vcc-pki/key-provider';

const memory = new SecretMemory();
/** Patterns are kept masked, or they would be found themselves. */
const mask = 0x5a;
const masked = (octets: Uint8Array): Uint8Array => Uint8Array.from(octets, (octet) => octet ^ mask);
const names: string[] = [];
const patterns: Uint8Array[] = [];
const watch = (name: string, secret: Uint8Array): void => {
  names.push(name);
  patterns.push(masked(secret));
};

const root = memory.take(32);
randomFillSync(root);
const kek = new KekHandle({ lineName: 'themis-main', lineId: 3, version: 1, root, memory });
watch('root', root);
memory.giveBack(root);
const keys: KekSource = { primary: () => kek, byVersion: () => kek };
const fields = new FieldEncryption({ keys, line: 'themis-main', tenant: 'acme' });
const place = { collection: 'patients', field: 'ssn', documentId: 1 };
const groups = new GroupKeys({ tenant: 'acme', groups: { a: { mode: 'derived', epoch: 1 } } });
const [access] = groups
  .admitVerified({ subject: 'x', groups: ['a'], expiresAtMs: Date.now() + 60_000 })
  .accesses(['a']);
const records = Array.from({ length: 200 }, (_, i) => fields.encrypt(place, `value ${i}`));
for (const record of records) await fields.decrypt(place, record);
fields.encrypt({ ...place, access }, 'value');
const scope = { tenant: 'acme', collection: 'patients', field: 'ssn' };
watch('field key', kek.fieldKey(1, scope).secret);
watch('K1 of the field key', kek.fieldKey(1, scope).k1);
watch('group field key', access.writing(kek).fieldKey(1, scope).secret);

const before = scan();
kek.close();
globalThis.gc?.();
const after = scan();
process.stdout.write(
  JSON.stringify({ secure: memory.secure, lockedBytes: memory.lockedBytes(), names, before, after }),
);

/** How often each pattern lies in writable memory of this process. */
function scan(): number[] {
  const found = patterns.map(() => 0);
  const file = openSync('/proc/self/mem', 'r');
  const block = Buffer.allocUnsafeSlow(4 * 1024 * 1024);
  for (const [start, end] of writableRegions()) {
    // A secret may lie across two blocks.
    for (let from = start; from < end; from += block.length - 64) {
      const length = Math.min(block.length, end - from);
      const read = tryRead(file, block, length, from);
      for (const [i, pattern] of patterns.entries()) found[i] = (found[i] ?? 0) + count(block, read, pattern);
      block.fill(0, 0, read);
    }
  }
  closeSync(file);
  return found;
}

function writableRegions(): [number, number][] {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return lines.flatMap((line): [number, number][] => {
    const [, start, end, mode] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
    return mode?.startsWith('rw') ? [[Number.parseInt(start ?? '', 16), Number.parseInt(end ?? '', 16)]] : [];
  });
}

function tryRead(file: number, block: Buffer, length: number, position: number): number {
  try {
    return readSync(file, block, 0, length, position);
  } catch {
    // Unmapped since, or a page that guards a slab.
    return 0;
  }
}

/** Compared octet by octet with the masked pattern: the pattern itself never lies in memory. */
function count(block: Buffer, length: number, pattern: Uint8Array): number {
  const first = (pattern[0] ?? 0) ^ mask;
  let found = 0;
  for (let at = block.indexOf(first); at !== -1 && at + pattern.length <= length; at = block.indexOf(first, at + 1)) {
    let same = 1;
    while (same < pattern.length && block[at + same] === ((pattern[same] ?? 0) ^ mask)) same++;
    if (same === pattern.length) found++;
  }
  return found;
}
