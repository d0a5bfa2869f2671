import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@vcc-pki/asn1';
import { publicRandomOctets } from './random-octets.ts';

test('no octets are handed out twice, also where the pool is filled anew', () => {
  // 18 octets do not divide the pool: the last ones of each filling are skipped.
  const all = Array.from({ length: 2000 }, () => publicRandomOctets(18));
  assert.ok(all.every((octets) => octets.length === 18));
  assert.equal(new Set(all.map(toHex)).size, all.length);
});

test('what was handed out is no part of the pool', () => {
  const before = publicRandomOctets(10);
  const copy = toHex(before);
  for (let i = 0; i < 1000; i++) publicRandomOctets(10);
  assert.equal(toHex(before), copy);
  assert.equal(before.buffer.byteLength, 10);
});

test('more than an id needs is refused', () => {
  for (const count of [65, 5000, Number.NaN]) assert.throws(() => publicRandomOctets(count), RangeError);
});
