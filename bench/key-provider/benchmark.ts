import type { PKIKeyProvider } from '@vcc-pki/key-provider';
import { fleetScene, line, startFleet } from '../../test/keys/fleet-start.ts';
import type { Benchmark } from '../support/benchmark.ts';
import { rounded } from '../support/statistics.ts';

const cachedCalls = 200_000;
const cachedRounds = 4;
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
        ...{ cached_p50_ns: cached.p50Ns, cached_p99_ns: cached.p99Ns, cached_cpu_ns: cached.cpuNs },
        ...{ clock_p50_ns: cached.clockP50Ns, clock_p99_ns: cached.clockP99Ns },
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

/**
 * Each call by itself, all calls of all rounds but the first, which warms up: no round is chosen. What reading the clock takes is
 * measured beside it and not taken off; what the machine does besides shows in the tail of both. Nothing here makes rubbish
 * that is not the call's own: `hrtime.bigint` would, and be collected in mid-call.
 */
async function measureCached(provider: PKIKeyProvider) {
  const times = new Float64Array(cachedRounds * cachedCalls);
  const clocks = new Float64Array(times.length);
  const measure = async (from: number): Promise<void> => {
    for (let i = from; i < from + cachedCalls; i += 1) {
      const start = performance.now();
      await provider.getKEK(line);
      const end = performance.now();
      times[i] = (end - start) * 1e6;
      clocks[i] = (performance.now() - end) * 1e6;
    }
  };
  await measure(0);
  const before = process.cpuUsage();
  for (let round = 0; round < cachedRounds; round += 1) await measure(round * cachedCalls);
  const { user, system } = process.cpuUsage(before);
  times.sort();
  clocks.sort();
  const at = (sorted: Float64Array, share: number): number =>
    Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    p50Ns: at(times, 0.5),
    p99Ns: at(times, 0.99),
    clockP50Ns: at(clocks, 0.5),
    clockP99Ns: at(clocks, 0.99),
    cpuNs: Math.round(((user + system) * 1e3) / times.length),
  };
}
