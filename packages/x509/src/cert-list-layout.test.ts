import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@vcc-pki/asn1';
import fc from 'fast-check';
import { buildTbsCertList, encodeRevokedEntry } from './build-tbs-cert-list.ts';
import { type CertListFrame, layOutCertList } from './cert-list-layout.ts';
import { extensionId } from './extension-id.ts';
import { encodeCRLNumber } from './extensions/crl-number.ts';
import { encodeName } from './name.ts';
import { encodeSigned } from './signed.ts';

const frame: CertListFrame = {
  signatureAlgorithm: 'ecdsa-with-SHA256',
  issuer: encodeName([{ type: 'commonName', value: 'a CA' }]),
  thisUpdate: Date.UTC(2026, 0, 1),
  nextUpdate: Date.UTC(2050, 0, 1),
  extensions: [{ id: extensionId.cRLNumber, critical: false, value: encodeCRLNumber(7) }],
};

test('a CRL that is laid out is octet for octet the one that is built, whatever its size and signature', () => {
  const sizes = fc.oneof(fc.nat(10), fc.constantFrom(100, 2_000, 400_000));
  const signatures = fc.constantFrom(0, 64, 72, 512, 4627);
  fc.assert(
    fc.property(sizes, signatures, fc.boolean(), (count, signatureOctets, extended) => {
      const entry = encodeRevokedEntry({
        serialNumber: Uint8Array.of(0x45, count & 0xff),
        revokedAt: frame.thisUpdate,
      });
      const entries = new Uint8Array(count * entry.length);
      for (let i = 0; i < count; i++) entries.set(entry, i * entry.length);
      const input = extended ? frame : { ...frame, extensions: [] };
      const signature = new Uint8Array(signatureOctets).fill(0xa5);

      const layout = layOutCertList(input, entries.length);
      layout.entries.set(entries);
      const tbs = buildTbsCertList({ ...input, entries: [entries] });
      assert.ok(Buffer.from(layout.tbsDer).equals(tbs));
      const signed = Buffer.from(layout.complete(signature));
      assert.ok(signed.equals(encodeSigned(tbs, input.signatureAlgorithm, signature)));
      assert.ok(Buffer.from(layout.tbsDer).equals(tbs));
    }),
    { numRuns: 60 },
  );
});

test('entries in many pieces are joined in order', () => {
  const pieces = [1, 2, 3].map((n) => encodeRevokedEntry({ serialNumber: Uint8Array.of(n), revokedAt: 0 }));
  const whole = buildTbsCertList({ ...frame, entries: [concatBytes(...pieces)] });
  assert.deepEqual(buildTbsCertList({ ...frame, entries: pieces }), whole);
});
