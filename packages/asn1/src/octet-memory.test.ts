import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DerReader } from './der-reader.ts';
import { encodeSequence, encodeUtf8String } from './der-writer.ts';
import { OctetMemory } from './octet-memory.ts';

test('what is found is what was kept for exactly those octets, or nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 60 }), (all) => {
      const memory = new OctetMemory<string>(16);
      for (const octets of all) memory.keep(octets, octets.join());
      for (const octets of all) assert.ok([octets.join(), undefined].includes(memory.find(octets)));
      const last = all.at(-1);
      if (last !== undefined) assert.equal(memory.find(Uint8Array.of(9, ...last, 9), 1, 1 + last.length), last.join());
    }),
  );
});

test('however much is kept, no more is held than there are places', () => {
  const memory = new OctetMemory<number>(16);
  const keys = Array.from({ length: 5000 }, (_, i) => Uint8Array.of(i >> 8, i & 0xff));
  for (const [i, key] of keys.entries()) memory.keep(key, i);
  const held = keys.filter((key) => memory.find(key) !== undefined).length;
  assert.ok(held > 0 && held <= 16, `${held}`);
});

test('octets that change afterwards spoil nothing', () => {
  const memory = new OctetMemory<string>(16);
  const octets = Uint8Array.of(1, 2, 3);
  memory.keep(octets, 'first');
  octets[0] = 7;
  assert.equal(memory.find(octets), undefined);
  assert.equal(memory.find(Uint8Array.of(1, 2, 3)), 'first');
});

test('a reader steps over what is remembered, and stays before what is not', () => {
  const memory = new OctetMemory<string>(16);
  const [known, other] = [encodeUtf8String('known'), encodeUtf8String('other')];
  memory.keep(known, 'remembered');
  const reader = new DerReader(encodeSequence(known, other)).readSequence();
  assert.equal(reader.readRemembered(memory), 'remembered');
  assert.equal(reader.readRemembered(memory), undefined);
  assert.deepEqual(reader.readElement().der, other);
  reader.end();
});
