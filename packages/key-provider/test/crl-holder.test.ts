import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError } from '@vcc-pki/asn1';
import { CrlHolder } from '../src/cache/crl-holder.ts';
import { TestCa } from './support/test-ca.ts';

const nowMs = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;
const validity = { notBefore: nowMs - 100 * dayMs, notAfter: nowMs + 100 * dayMs };
const ca = new TestCa({ validity });
const times = { thisUpdate: nowMs, nextUpdate: nowMs + dayMs };
const serialNumber = Uint8Array.of(0x41, 0x42);

test('a newer CRL is taken, the same one again too, and an older one never', async () => {
  const holder = new CrlHolder(ca.certificate);
  assert.equal(await holder.accept(ca.crl({ ...times, crlNumber: 7 }), nowMs), true);
  assert.equal(holder.findRevoked(serialNumber), undefined);
  const newer = ca.crl({ ...times, crlNumber: 8, revoked: [{ serialNumber, reason: 'keyCompromise' }] });
  assert.equal(await holder.accept(newer, nowMs), true);
  assert.equal(await holder.accept(newer, nowMs), false);
  await assert.rejects(holder.accept(ca.crl({ ...times, crlNumber: 7 }), nowMs), { reason: 'rollback' });
  assert.deepEqual(holder.findRevoked(serialNumber), { reason: 'keyCompromise' });
  assert.equal(holder.crlNumber, 8n);
  assert.deepEqual([holder.thisUpdate, holder.nextUpdate], [nowMs, nowMs + dayMs]);
});

test('what another key signed, another issuer, and the future are refused, and what was held stays', async () => {
  const holder = new CrlHolder(ca.certificate);
  const good = ca.crl({ ...times, crlNumber: 1 });
  await holder.accept(good, nowMs);
  const sameName = new TestCa({ validity });
  await assert.rejects(holder.accept(sameName.crl({ ...times, crlNumber: 2 }), nowMs), { reason: 'badSignature' });
  const other = new TestCa({ validity, name: 'other root' });
  await assert.rejects(holder.accept(other.crl({ ...times, crlNumber: 2 }), nowMs), { reason: 'otherIssuer' });
  const future = { crlNumber: 2, thisUpdate: nowMs + 5 * 60_000 + 1000, nextUpdate: nowMs + dayMs };
  await assert.rejects(holder.accept(ca.crl(future), nowMs), { reason: 'fromTheFuture' });
  await assert.rejects(holder.accept(good.subarray(0, 40), nowMs), DerError);
  assert.equal(holder.der, good);
});

test('a change of any octet is refused', async () => {
  const crl = ca.crl({ ...times, crlNumber: 1, revoked: [{ serialNumber, reason: 'superseded' }] });
  for (let i = 0; i < crl.length; i += 7) {
    const changed = crl.slice();
    changed[i] = (changed[i] ?? 0) ^ 1;
    await assert.rejects(new CrlHolder(ca.certificate).accept(changed, nowMs));
  }
});

test('a part of the CRL is taken for its own address alone, and never in the place of a full one', async () => {
  const point = 'http://pki.test/crl/7.crl';
  const part = (crlNumber: number, of = point): Uint8Array => ca.crl({ ...times, crlNumber, point: of });
  const holder = new CrlHolder(ca.certificate, point);
  await assert.rejects(holder.accept(part(1, 'http://pki.test/crl/8.crl'), nowMs), { reason: 'otherScope' });
  await assert.rejects(new CrlHolder(ca.certificate).accept(part(1), nowMs), { reason: 'otherScope' });
  assert.equal(await holder.accept(part(1), nowMs), true);
  // Numbered apart: that it is newer cannot be told.
  await assert.rejects(holder.accept(ca.crl({ ...times, crlNumber: 9 }), nowMs), { reason: 'otherScope' });
  await assert.rejects(holder.accept(part(0), nowMs), { reason: 'rollback' });
  assert.equal(holder.crlNumber, 1n);
});
