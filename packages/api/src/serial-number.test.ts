import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { serialNumberCandidates, serialNumberDecimal } from './serial-number.ts';

const serial = fc.bigInt({ min: 0n, max: (1n << 159n) - 1n });

function hexOf(value: bigint): string {
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

test('hex in either case, with colons or leading zero octets, is read as the canonical form', () => {
  for (const text of ['4afe01', '4AFE01', '4A:FE:01', '004afe01']) {
    assert.deepEqual(serialNumberCandidates(text), ['4afe01']);
  }
});

test('the decimal serial of the mission text is a candidate', () => {
  assert.ok(serialNumberCandidates('1234567890123456789').includes('112210f47de98115'));
});

test('property: the hex and the decimal form both lead back to the serial number', () => {
  fc.assert(
    fc.property(serial, (value) => {
      const hex = hexOf(value);
      assert.equal(serialNumberCandidates(hex)[0], hex);
      assert.ok(serialNumberCandidates(serialNumberDecimal(hex)).includes(hex));
    }),
  );
});

test('property: any text gives at most two candidates of at most 20 octets', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:]{0,80}$/)), (text) => {
      const candidates = serialNumberCandidates(text);
      assert.ok(candidates.length <= 2);
      for (const candidate of candidates) assert.match(candidate, /^(?:[0-9a-f]{2}){1,20}$/);
    }),
  );
});

test('what is no serial number has no candidates', () => {
  for (const text of ['', 'xyz', '-1', '0x12', 'f'.repeat(41), ':']) assert.deepEqual(serialNumberCandidates(text), []);
});
