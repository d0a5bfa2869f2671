import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@vcc-pki/asn1';
import { newCertificateId } from './certificate-id.ts';
import { newSerialNumber } from './serial-number.ts';

const now = Date.UTC(2026, 10, 29, 23, 59, 59, 999);

test('a serial number is positive, 18 octets long at any time, and never the same', () => {
  for (const time of [0, now, Date.UTC(9999, 11, 31)]) {
    const serial = newSerialNumber(time);
    assert.equal(serial.length, 18);
    assert.ok((serial[0] as number) >= 0x40 && (serial[0] as number) <= 0x7f);
  }
  const many = new Set(Array.from({ length: 10_000 }, () => toHex(newSerialNumber(now))));
  assert.equal(many.size, 10_000);
});

test('serial numbers and ids stand in the order of issue', () => {
  const times = [now - 86_400_000, now - 1000, now, now + 1, now + 86_400_000];
  const serials = times.map((time) => toHex(newSerialNumber(time)));
  assert.deepEqual(serials.toSorted(), serials);
  const ids = times.map((time) => newCertificateId('veritas-backend', time));
  assert.deepEqual(ids.toSorted(), ids);
  for (const id of ids) assert.match(id, /^cert_veritas_backend_202611(28|29|30)_[0-9a-f]{20}$/);
});
