/**
 * `node run-memory-scan.ts`: uses KEK, field keys, group keys and indexes, closes everything, and looks through its own memory
 * for the keys. Prints how often each was found before and after, as JSON.
 *
 * @module
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import {
  FieldEncryption,
  GroupKeys,
  type GroupSource,
  KekHandle,
  type KekSource,
  SecretMemory,
} from '@vcc-pki/key-provider';
import { HeldGroupKey } from '../../src/provider/held-group-key.ts';

const memory = new SecretMemory();
/** Patterns are kept masked, or they would be found themselves. */
const mask = 0x5a;
/** The longest secret, and the smallest piece of memory that can be unreadable by itself. */
const overlapBytes = 64;
const pageBytes = 4096;
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
const random = memory.take(32);
randomFillSync(random);
const held = new HeldGroupKey(memory, { key: random, keyId: '' });
watch('key of a sealed group', random);
memory.giveBack(random);
const sealedGroups: GroupSource = {
  states: new Map([['g:b', { mode: 'sealed', epoch: 1 }]]),
  check: () => undefined,
  secret: () => held,
};
const sealed = new GroupKeys({ tenant: 'acme', groups: sealedGroups }).forReEncryption('b');
const records = Array.from({ length: 200 }, (_, i) => fields.encrypt(place, `value ${i}`));
for (const record of records) await fields.decrypt(place, record);
fields.encrypt({ ...place, access }, 'value');
fields.encrypt({ ...place, access: sealed }, 'value');
const scope = { tenant: 'acme', collection: 'patients', field: 'ssn' };
watch('field key', kek.fieldKey(1, scope).secret);
watch('K1 of the field key', kek.fieldKey(1, scope).k1);
watch('group field key', access.writing(kek).fieldKey(1, scope).secret);
// Erased with its group, while the KEK is still there.
const ofSealed = sealed.writing(kek).fieldKey(1, scope);
watch('field key of a sealed group', ofSealed.secret);

const before = scan();
held.erase();
if (!ofSealed.closed || !kek.usable) throw new Error('the field key is to go with its group');
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
    for (let from = start; from < end; ) {
      const length = Math.min(block.length, end - from);
      const read = readFrom(file, block, length, from);
      // Only what cannot be read is left out: a page that was unmapped since, or that guards a slab.
      if (read === 0) {
        from += pageBytes;
        continue;
      }
      const octets = maskedInPlace(block, read);
      for (const [i, pattern] of patterns.entries()) found[i] = (found[i] ?? 0) + count(octets, pattern);
      block.fill(0);
      // A secret may lie across two blocks.
      from += from + read < end && read > overlapBytes ? read - overlapBytes : read;
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

function readFrom(file: number, block: Buffer, length: number, position: number): number {
  try {
    return readSync(file, block, 0, length, position);
  } catch {
    // EIO: nobody may read there.
    return 0;
  }
}

/**
 * Masks what was read, so that it can be searched for the masked patterns natively. Comparing octet by octet instead
 * takes a minute as soon as a secret begins with an octet that is everywhere, as zero is: once in 64 runs.
 */
function maskedInPlace(block: Buffer, length: number): Buffer {
  const words = new Uint32Array(block.buffer, block.byteOffset, Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) ^ (mask * 0x01010101);
  return block.subarray(0, length);
}

function count(octets: Buffer, pattern: Uint8Array): number {
  let found = 0;
  for (let at = octets.indexOf(pattern); at !== -1; at = octets.indexOf(pattern, at + 1)) found++;
  return found;
}
