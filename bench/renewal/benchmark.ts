import type { Lifetime } from '../../test/support/lifetime.ts';
import type { Benchmark, Progress, Report } from '../support/benchmark.ts';
import { percentile, rounded } from '../support/statistics.ts';
import { measureRenewals } from './renewal-under-load.ts';

export const benchmark: Benchmark = {
  summary: '20 renewals of a Node server and of an nginx behind the agent, under 500 requests a second',
  run,
};

async function run(progress: Progress): Promise<Report> {
  const cleanUps: (() => unknown)[] = [];
  const lifetime: Lifetime = { after: (cleanUp) => void cleanUps.push(cleanUp) };
  try {
    const figures = await measureRenewals(lifetime, { renewals: 20, perSecond: 500, pauseMs: 500 }, progress);
    for (const failure of figures.failures.slice(0, 10)) progress(`failed: ${failure}`);
    const { nodeOnWireMs, nginxOnWireMs, latenciesMs } = figures;
    return {
      renewals_of_each: nodeOnWireMs.length,
      requests: figures.requests,
      requests_per_second: rounded(figures.perSecond),
      new_connections: figures.newConnections,
      failed_requests: figures.failed,
      resent_requests: figures.resent,
      reconnected: figures.reconnected,
      p50_ms: rounded(percentile(latenciesMs, 50)),
      p99_ms: rounded(percentile(latenciesMs, 99)),
      node_on_wire_p50_ms: rounded(percentile(nodeOnWireMs, 50)),
      node_on_wire_max_ms: rounded(Math.max(...nodeOnWireMs)),
      nginx_on_wire_p50_ms: rounded(percentile(nginxOnWireMs, 50)),
      nginx_on_wire_max_ms: rounded(Math.max(...nginxOnWireMs)),
      on_wire_limit_ms: 2000,
      agent_resident_mib: rounded(figures.agentResidentKib / 1024),
      agent_is_built: figures.agentIsBuilt,
      met: figures.failed === 0 && Math.max(...nodeOnWireMs, ...nginxOnWireMs) < 2000,
    };
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}
