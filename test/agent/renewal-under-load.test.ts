import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureRenewals } from '../../bench/renewal/renewal-under-load.ts';
import { median } from '../../bench/support/statistics.ts';
import { skipWithout } from '../support/system-program.ts';
import { openScene } from './support/scene.ts';

/** The short form of `npm run bench -- renewal`. */
test('renewals under load: no request fails, and the new certificate is on the wire within 2 s', {
  skip: skipWithout('nginx'),
}, async (t) => {
  const figures = await measureRenewals(await openScene(t), { renewals: 3, perSecond: 100, pauseMs: 200 });
  assert.deepEqual(figures.failures, []);
  assert.ok(figures.requests > 50 && figures.newConnections > 10, `${figures.requests}, ${figures.newConnections}`);
  // The longest is for the benchmark to judge, on a machine that does nothing else: tests run beside each other.
  const onWireMs = [...figures.nodeOnWireMs, ...figures.nginxOnWireMs];
  assert.ok(median(onWireMs) < 2000, onWireMs.join());
  t.diagnostic(
    `${figures.requests} requests, ${figures.resent} resent, ${figures.reconnected} reconnected, on the wire after at most ${Math.round(Math.max(...onWireMs))} ms`,
  );
});
