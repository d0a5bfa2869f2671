import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pae } from './pae.ts';

test('encodes the vectors of the PASETO specification', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  assert.equal(hex(pae()), '0000000000000000');
  assert.equal(hex(pae('')), '01000000000000000000000000000000');
  assert.equal(hex(pae('test')), '0100000000000000040000000000000074657374');
});

test('different lists never give the same octets', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 4 });
  fc.assert(
    fc.property(pieces, pieces, (one, other) => {
      const same =
        one.length === other.length &&
        one.every((piece, i) => Buffer.compare(piece, other[i] ?? new Uint8Array()) === 0);
      assert.equal(Buffer.compare(pae(...one), pae(...other)) === 0, same);
    }),
  );
});

test('a text is its UTF-8, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const octets = new TextEncoder().encode(text);
      assert.deepEqual(pae('a', text, 'b'), pae('a', octets, 'b'));
    }),
  );
  assert.deepEqual(pae('x\ud800'), pae(Uint8Array.of(0x78, 0xef, 0xbf, 0xbd)));
});
