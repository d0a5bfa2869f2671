import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leadMs, renewalWindow } from './renewal-window.ts';

const secondMs = 1000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rules = { renewBeforeMs: 30 * dayMs, checkIntervalMs: 6 * hourMs };

/** Certificates of ten minutes to ten years, in whole seconds as X.509 has them. */
const certificates = fc
  .record({
    certificateId: fc.string({ minLength: 1, maxLength: 64 }),
    notBefore: fc.integer({ min: 0, max: 4_000_000_000 }),
    lifeSeconds: fc.integer({ min: 600, max: 315_360_000 }),
  })
  .map(({ certificateId, notBefore, lifeSeconds }) => ({
    certificateId,
    notBefore: notBefore * secondMs,
    notAfter: (notBefore + lifeSeconds) * secondMs,
  }));

test('a window lies in the last third of the life, within renew_before_days, and leaves a reserve behind it', () => {
  fc.assert(
    fc.property(certificates, fc.integer({ min: 1, max: 3650 }), (certificate, days) => {
      const own = { ...rules, renewBeforeMs: days * dayMs };
      const { start, end } = renewalWindow(certificate, own);
      const { notBefore, notAfter } = certificate;
      assert.ok(start < end);
      assert.ok(start + secondMs > notBefore + ((notAfter - notBefore) * 2) / 3);
      assert.ok(start + secondMs > notAfter - own.renewBeforeMs);
      assert.ok(end - secondMs <= notAfter - leadMs(certificate, own) / 3);
    }),
  );
});

test('a window is whole seconds and always the same', () => {
  fc.assert(
    fc.property(certificates, (certificate) => {
      const { start, end } = renewalWindow(certificate, rules);
      assert.deepEqual([start % secondMs, end % secondMs], [0, 0]);
      assert.deepEqual(renewalWindow({ ...certificate }, rules), { start, end });
    }),
  );
});

test('a longer reminder time never moves a window towards the end', () => {
  fc.assert(
    fc.property(certificates, fc.integer({ min: 1, max: 1800 }), (certificate, days) => {
      const near = renewalWindow(certificate, { ...rules, renewBeforeMs: days * dayMs });
      const far = renewalWindow(certificate, { ...rules, renewBeforeMs: 2 * days * dayMs });
      assert.ok(far.start <= near.start && far.end <= near.end);
    }),
  );
});

test('ten thousand certificates of one minute do not come back as a wave', () => {
  const certificatesOfOneMinute = Array.from({ length: 10_000 }, (_, i) => {
    const notBefore = Date.UTC(2026, 0, 15) + Math.floor(i / 167) * secondMs;
    return { certificateId: `cert_service_${i}`, notBefore, notAfter: notBefore + 365 * dayMs };
  });
  const perDay = new Map<number, number>();
  for (const certificate of certificatesOfOneMinute) {
    const { start, end } = renewalWindow(certificate, rules);
    const day = Math.floor(((start + end) / 2 - (certificate.notAfter - rules.renewBeforeMs)) / dayMs);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
  }
  const mean = 10_000 / 20;
  assert.equal(perDay.size, 20);
  const peak = Math.max(...perDay.values());
  assert.ok(peak <= 1.2 * mean, `peak ${peak}, mean ${mean}`);
});
