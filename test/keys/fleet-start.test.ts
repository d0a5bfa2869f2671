import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetScene, line, startFleet } from './fleet-start.ts';

test('a fleet that starts at once is up in ten seconds, with one delivery for each', async (t) => {
  const scene = await fleetScene(t);
  const report = await startFleet(scene, 20);
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.deliveries, 20);
  assert.ok(report.all_up_ms < 10_000);
});

test('10,000 cold calls make exactly one delivery, on the wire', async (t) => {
  const { pki, provider } = await fleetScene(t);
  const one = provider({ startSpreadMs: 0 });
  t.after(() => one.close());
  await Promise.all(Array.from({ length: 10_000 }, () => one.getKEK(line)));
  const audit = (await pki.call('GET', '/api/v1/audit?action=kek-open')).json() as { items: unknown[] };
  assert.equal(audit.items.length, 1);
});
