import assert from 'node:assert/strict';
import { createMetrics } from '../../apps/server/src/metrics.ts';
import { HealthMonitor, type HealthMonitorOptions } from '../../apps/server/src/registry/health-monitor.ts';
import { createRegistryMetrics } from '../../apps/server/src/registry/registry-metrics.ts';
import { healthChanges, serviceById } from '../../apps/server/src/store/index.ts';
import { aRegistration, t0 } from '../store/ledger-inputs.ts';
import { forEachDatabase, type TestStore } from '../support/databases.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';

const intervalMs = 30_000;

interface Scene {
  readonly store: TestStore;
  readonly clock: ManualClock;
  readonly monitor: (owner: string, options?: Partial<HealthMonitorOptions>) => HealthMonitor;
  /** Who was asked, by whom. */
  readonly asked: string[];
  readonly sick: Set<string>;
}

async function setScene(store: TestStore, services: number): Promise<Scene> {
  const clock = manualClock(t0);
  const asked: string[] = [];
  const sick = new Set<string>();
  for (let n = 0; n < services; n += 1) {
    await store.ledger.submit('registerService', aRegistration({ serviceId: `service-${n}` }));
  }
  const monitor = (owner: string, options: Partial<HealthMonitorOptions> = {}): HealthMonitor =>
    new HealthMonitor({
      ...{ store, clock, owner, intervalMs, concurrency: 100 },
      metrics: createRegistryMetrics(createMetrics().registry, store),
      thresholds: { degradedAfterFailures: 1, downAfterFailures: 2, activeAfterSuccesses: 1 },
      probe: async ({ serviceId }) => {
        asked.push(`${owner} ${serviceId}`);
        return { isGood: !sick.has(serviceId), detail: sick.has(serviceId) ? 'HTTP 503' : 'HTTP 200' };
      },
      onFailure: (error) => assert.fail(`${error}`),
      ...options,
    });
  return { store, clock, monitor, asked, sick };
}

/** Several looks, at a distance, until everybody was due once. */
async function oneInterval(clock: ManualClock, ...monitors: HealthMonitor[]): Promise<void> {
  for (let step = 0; step < 12; step += 1) {
    for (const monitor of monitors) {
      await monitor.tick();
      await monitor.settled();
    }
    clock.advance(intervalMs / 10);
  }
  for (const monitor of monitors) await monitor.tick();
}

forEachDatabase(
  'in a cluster each service is checked by one server, and by another when that dies',
  async (_t, open) => {
    const { clock, monitor, asked } = await setScene(await open(), 5);
    const [first, second] = [monitor('first'), monitor('second')];
    await oneInterval(clock, first, second);
    assert.deepEqual(new Set(asked.map((line) => line.split(' ')[0])), new Set(['first']));
    assert.equal(new Set(asked).size, 5);
    asked.length = 0;
    // The first one is gone without a word.
    for (let n = 0; n < 5; n += 1) await oneInterval(clock, second);
    assert.equal(new Set(asked).size, 5);
    assert.deepEqual(new Set(asked.map((line) => line.split(' ')[0])), new Set(['second']));
    asked.length = 0;
    await second.close();
    await oneInterval(clock, monitor('third'));
    assert.equal(new Set(asked).size, 5, 'who closes hands over at once');
  },
);

forEachDatabase('a change of state is written once, with what was seen', async (_t, open) => {
  const { store, clock, monitor, sick } = await setScene(await open(), 2);
  const only = monitor('only');
  sick.add('service-1');
  for (let n = 0; n < 3; n += 1) await oneInterval(clock, only);
  assert.equal((await serviceById(store.read, 'service-0'))?.status, 'active');
  assert.equal((await serviceById(store.read, 'service-1'))?.status, 'down');
  const changes = await healthChanges(store.read, 'service-1');
  assert.deepEqual(
    changes.map(({ status, previousStatus, detail }) => [previousStatus, status, detail]),
    [
      ['degraded', 'down', 'HTTP 503'],
      ['active', 'degraded', 'HTTP 503'],
    ],
  );
});

forEachDatabase('no more checks than allowed are under way, and all come about', async (_t, open) => {
  const { clock, monitor, asked } = await setScene(await open(), 12);
  let running = 0;
  let most = 0;
  const only = monitor('only', {
    concurrency: 3,
    random: () => 0,
    probe: async ({ serviceId }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      asked.push(serviceId);
      return { isGood: true, detail: 'HTTP 200' };
    },
  });
  await oneInterval(clock, only);
  assert.equal(most, 3);
  assert.equal(new Set(asked).size, 12);
});
