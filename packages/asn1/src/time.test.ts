import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DerReader } from './der-reader.ts';
import { encodeGeneralizedTime, encodeTime } from './der-writer.ts';
import { Tag } from './tag.ts';
import { decodeGeneralizedTime } from './time.ts';

/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z. */
const earliest = -62_167_219_200_000;
const latest = 253_402_300_799_999;

test('every GeneralizedTime is read as it was written, fractions of a second cut off', () => {
  fc.assert(
    fc.property(fc.integer({ min: earliest, max: latest }), (timeMs) => {
      const { content } = new DerReader(encodeGeneralizedTime(timeMs)).readElement(Tag.generalizedTime);
      assert.equal(
        new TextDecoder().decode(content),
        `${new Date(timeMs).toISOString().slice(0, 19)}Z`.replace(/[-:T]/g, ''),
      );
      assert.equal(decodeGeneralizedTime(content), Math.floor(timeMs / 1000) * 1000);
    }),
    { numRuns: 1000 },
  );
});

test('years that four digits cannot hold are refused', () => {
  for (const timeMs of [earliest - 1, latest + 1, Number.NaN]) {
    assert.throws(() => encodeGeneralizedTime(timeMs), RangeError);
  }
});

test('a Time is UTCTime through 2049 and GeneralizedTime from 2050 (RFC 5280 s4.1.2.5)', () => {
  assert.equal(encodeTime(Date.UTC(2049, 11, 31, 23, 59, 59))[0], Tag.utcTime);
  assert.equal(encodeTime(Date.UTC(2050, 0, 1))[0], Tag.generalizedTime);
});

test('times that are none are refused, leap days are read', () => {
  const read = (text: string): number => decodeGeneralizedTime(new TextEncoder().encode(text));
  for (const text of ['20000229000000Z', '20240229235959Z', '00000229000000Z', '99991231235959Z']) {
    const iso = text.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
    assert.equal(read(text), Date.parse(iso), text);
  }
  const none = ['20010229000000Z', '19000229000000Z', '20000431000000Z', '20001301000000Z', '20000001000000Z'];
  none.push('20000100000000Z', '20000101240000Z', '20000101006000Z', '20000101000060Z', '2000010100000xZ');
  for (const text of [...none, '200001010000000', '20000101000000', '2000-1-1000000Z']) {
    assert.throws(() => read(text), { code: 'invalidValue' }, text);
  }
});
