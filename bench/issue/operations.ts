import type { Progress, Report } from '../support/benchmark.ts';
import { type LoadRequest, load } from '../support/load.ts';
import { percentile, rounded } from '../support/statistics.ts';
import { type Caller, issueRequest } from './callers.ts';

const roundMs = 4000;

/** The first answers to an operation come while V8 compiles what it does, once in the life of a server. */
const warmUpMs = 2000;

/** p99 of the mission's operations while every caller asks without pause; the targets are the mission's. */
export async function measureOperations(callers: readonly Caller[], progress: Progress): Promise<Report> {
  const connections = callers.map(({ connection }) => connection);
  const ids: string[][] = callers.map(() => []);
  const report: Record<string, number> = { concurrent_clients: callers.length };
  const measure = async (
    name: string,
    next: (caller: Caller, index: number) => LoadRequest | undefined,
    keepIds = false,
  ): Promise<void> => {
    const run = (durationMs: number) =>
      load(connections, {
        durationMs,
        next: (index) => next(callers[index] as Caller, index),
        onAnswer: ({ headers }, index) => {
          if (keepIds && typeof headers['location'] === 'string') ids[index]?.push(headers['location']);
        },
      });
    await run(warmUpMs);
    const { latenciesMs, perSecond } = await run(roundMs);
    progress(`${name} at ${callers.length} clients: ${perSecond.toFixed(0)}/s`);
    report[`${name}_p99_ms`] = rounded(percentile(latenciesMs, 99));
    report[`${name}_per_s`] = Math.round(perSecond);
  };
  // Whatever was not connected yet is connected before anything is measured.
  await Promise.all(connections.map((connection) => connection.send(get('/api/v1/certificates/?limit=1'))));
  const csrOf = ({ csrs }: Caller): string => csrs[Math.floor(Math.random() * csrs.length)] as string;

  await measure('request', (caller) => issueRequest(caller.service, csrOf(caller)), true);
  await measure('download', (_, index) => get(`${ids[index]?.at(-1)}/download`));
  await measure('renew', (caller, index) => post(`${ids[index]?.at(-1)}/renew`, { csr: csrOf(caller) }), true);
  await measure('revoke', (_, index) => {
    const path = ids[index]?.pop();
    return path === undefined ? undefined : { method: 'DELETE', path: `${path}/revoke?reason=superseded` };
  });
  return report;
}

function get(path: string): LoadRequest {
  return { method: 'GET', path };
}

function post(path: string, body: object): LoadRequest {
  return { method: 'POST', path, body: JSON.stringify(body) };
}
