/**
 * `node run-accelerator.ts FILE ROUNDS`: an accelerator against `node:crypto`, and against arguments that lie. A program of
 * its own, since a sanitizer has to be there from the start of a process.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { loadAccelerator } from '../../src/accelerator/native-engine.ts';
import { nodeEngine } from '../../src/ciphertext/node-engine.ts';
import { compareEngines } from './compare-engines.ts';

const [file = '', rounds = '1'] = process.argv.slice(2);
compareEngines(nodeEngine, loadAccelerator(file), Number(rounds));

const { seal, open } = createRequire(import.meta.url)(file);
const dek = new Uint8Array(32);
const arena = new Uint8Array(12 + 24 + 32 + 10 + 16);
const aad = new Uint8Array(20);
const good = Uint32Array.of(0, 10, 0, 20);

seal(dek, arena, good, aad, 12, 32);
open(dek, arena, good, aad, 12, 32, new Uint8Array(1));
for (const numbers of [
  [1, 10, 0, 20],
  [0, 11, 0, 20],
  [0xffffffff, 10, 0, 20],
  [0, 0xffffffff, 0, 20],
  [0, 10, 1, 20],
  [0, 10, 0xffffffff, 20],
  [0, 10, 0, 0xffffffff],
  [0, 10, 0, 20, 0, 10, 0, 21],
]) {
  const records = Uint32Array.from(numbers);
  assert.throws(() => seal(dek, arena, records, aad, 12, 32), RangeError);
  assert.throws(() => open(dek, arena, records, aad, 12, 32, new Uint8Array(2)), RangeError);
}
assert.throws(() => seal(dek, arena, good, aad, 0xffffffff, 32), RangeError);
assert.throws(() => seal(dek, arena, good, aad, 12, 31), RangeError);
assert.throws(() => seal(dek.subarray(1), arena, good, aad, 12, 32), RangeError);
assert.throws(() => open(dek, arena, good, aad, 12, 32, new Uint8Array(0)), RangeError);
assert.throws(() => seal(dek, arena, Uint32Array.of(0, 10, 0), aad, 12, 32), TypeError);
assert.throws(() => seal(dek, arena, new Uint8Array(16), aad, 12, 32), TypeError);
assert.throws(() => seal(dek, 'arena', good, aad, 12, 32), TypeError);
assert.throws(() => seal(dek, arena, good, aad, 12), TypeError);
assert.throws(() => open(dek, arena, good, aad, 12, 32), TypeError);
assert.throws(() => seal(), TypeError);
seal(dek, arena, new Uint32Array(0), aad, 12, 32);
