import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeOid } from './der-writer.ts';
import { decodeOid } from './oid.ts';

test('an OID is encoded the same the second time, and nobody can spoil it for others', () => {
  const first = encodeOid('2.5.29.17');
  first.fill(0);
  assert.deepEqual(encodeOid('2.5.29.17'), Uint8Array.of(6, 3, 0x55, 0x1d, 0x11));
});

test('more OIDs than are remembered are still encoded', () => {
  for (let arc = 0; arc < 2000; arc += 1)
    assert.equal(decodeOid(encodeOid(`1.2.3.${arc}`).subarray(2)), `1.2.3.${arc}`);
});
