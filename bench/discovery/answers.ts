import { Agent, request } from 'undici';
import type { BenchPki } from '../support/bench-pki.ts';
import type { Progress } from '../support/benchmark.ts';
import { Connection, load } from '../support/load.ts';
import { median, percentile } from '../support/statistics.ts';

/** Milliseconds at the server. */
export interface Times {
  readonly median: number;
  readonly p99: number;
}

const connections = 2;
const warmUpMs = 2_000;
const durationMs = 6_000;

/** Asks for random services and types on a few connections, and has the server tell how long it took. */
export async function measureAnswers(
  { rootPem, admin }: BenchPki,
  apiUrl: string,
  { services, types, progress }: { services: number; types: number; progress: Progress },
): Promise<{ byId: Times; byType: Times; notModified: Times }> {
  const open = Array.from({ length: connections }, () => new Connection(apiUrl, { ca: rootPem, identity: admin }));
  const [control] = open as [Connection];
  const takeTimes = async (): Promise<number[]> =>
    JSON.parse((await control.send({ method: 'GET', path: '/bench/times' })).text) as number[];
  const measure = async (what: string, path: () => string): Promise<Times> => {
    const next = () => ({ method: 'GET' as const, path: `/api/v1/discovery/services${path()}` });
    await load(open, { durationMs: warmUpMs, next });
    await takeTimes();
    await load(open, { durationMs, next });
    const times = await takeTimes();
    const result = { median: median(times), p99: percentile(times, 99) };
    progress(
      `${what}: ${times.length} answers, median ${result.median.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms`,
    );
    return result;
  };
  const random = (below: number): number => Math.floor(Math.random() * below);
  try {
    const byId = await measure('by id', () => `/seed-${random(services)}`);
    const byType = await measure('by type', () => `?type=type-${random(types)}`);
    return { byId, byType, notModified: await notModified({ rootPem, admin, apiUrl }, takeTimes, progress) };
  } finally {
    await Promise.all(open.map((connection) => connection.close()));
  }
}

async function notModified(
  { rootPem, admin, apiUrl }: Pick<BenchPki, 'rootPem' | 'admin'> & { apiUrl: string },
  takeTimes: () => Promise<number[]>,
  progress: Progress,
): Promise<Times> {
  const dispatcher = new Agent({ connections: 1, connect: { ca: rootPem, ...admin } });
  const url = `${apiUrl}/api/v1/discovery/services/type-7`;
  const first = await request(url, { dispatcher });
  await first.body.text();
  for (let n = 0; n < 2_000; n += 1) {
    const answer = await request(url, { dispatcher, headers: { 'if-none-match': `${first.headers['etag']}` } });
    await answer.body.text();
    if (answer.statusCode !== 304) throw new Error(`expected 304, not ${answer.statusCode}`);
  }
  await dispatcher.close();
  const times = (await takeTimes()).slice(200);
  const result = { median: median(times), p99: percentile(times, 99) };
  progress(`304: median ${result.median.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms`);
  return result;
}
