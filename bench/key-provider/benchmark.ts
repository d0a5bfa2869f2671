import type { PKIKeyProvider } from '@vcc-pki/key-provider';
import { fleetScene, line, startFleet } from '../../test/keys/fleet-start.ts';
import type { Benchmark } from '../support/benchmark.ts';
import { percentile, rounded } from '../support/statistics.ts';

const cachedCalls = 200_000;
const coldCalls = 10_000;
const fleet = 200;

export const benchmark: Benchmark = {
  summary:
    'getKEK from memory, 10,000 cold calls at once, 200 providers that start at the same moment; the real server',
  run: async (progress) => {
    const cleanUps: (() => unknown)[] = [];
    try {
      const scene = await fleetScene({ after: (cleanUp) => cleanUps.push(cleanUp) });
      const provider = scene.provider({ startSpreadMs: 0 });
      const coldStart = performance.now();
      await Promise.all(Array.from({ length: coldCalls }, () => provider.getKEK(line)));
      const coldMs = performance.now() - coldStart;
      const cold = (await scene.pki.call('GET', '/api/v1/audit?action=kek-open')).json() as { items: unknown[] };
      progress(`${coldCalls} cold calls: ${cold.items.length} delivery, ${coldMs.toFixed(0)} ms`);
      const cached = await measureCached(provider);
      progress(`getKEK from memory: p50 ${cached.p50Ns} ns, p99 ${cached.p99Ns} ns`);
      await provider.close();
      const started = await startFleet(scene, fleet);
      progress(`${fleet} providers up in ${started.all_up_ms} ms`);
      return {
        ...{ cold_calls: coldCalls, cold_deliveries: cold.items.length, cold_ms: rounded(coldMs) },
        ...{ cached_p50_ns: cached.p50Ns, cached_p99_ns: cached.p99Ns, clock_p50_ns: cached.clockP50Ns },
        ...{
          fleet,
          fleet_up_ms: started.all_up_ms,
          fleet_cpu_s: started.cpu_s,
          fleet_deliveries: started.deliveries - cold.items.length,
        },
      };
    } finally {
      for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    }
  },
};

/** Each call by itself; what reading the clock takes is measured beside it and not taken off. */
async function measureCached(provider: PKIKeyProvider) {
  const times = new Float64Array(cachedCalls);
  const clocks = new Float64Array(cachedCalls);
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < cachedCalls; i += 1) {
      const start = process.hrtime.bigint();
      await provider.getKEK(line);
      const end = process.hrtime.bigint();
      times[i] = Number(end - start);
      clocks[i] = Number(process.hrtime.bigint() - end);
    }
  }
  return {
    p50Ns: percentile([...times], 50),
    p99Ns: percentile([...times], 99),
    clockP50Ns: percentile([...clocks], 50),
  };
}
