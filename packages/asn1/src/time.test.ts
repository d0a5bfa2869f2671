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
