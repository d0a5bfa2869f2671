import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { BenchPki } from '../support/bench-pki.ts';
import type { Progress } from '../support/benchmark.ts';
import { Connection, type Identity } from '../support/load.ts';
import { percentile } from '../support/statistics.ts';
import { issueTo } from './seed-services.ts';

const readers = 20;
const changes = 10;

/** Opens feeds over mTLS, changes a service several times, and tells how long it took until the feeds had heard of it. */
export async function measureFeeds(
  { rootPem, admin }: BenchPki,
  apiUrl: string,
  { feeds, progress }: { feeds: number; progress: Progress },
): Promise<{ lastMs: number; medianMs: number; lost: number }> {
  const control = new Connection(apiUrl, { ca: rootPem, identity: admin });
  const identities: Identity[] = [];
  for (let n = 1; n <= readers; n += 1) identities.push(await issueTo(control, `bench-${n}`));
  const heard = new Map<string, number[]>();
  const open: ClientRequest[] = [];
  for (let n = 0; n < feeds; n += 1) {
    const identity = identities[n % readers] as Identity;
    open.push(await openFeed(apiUrl, { ca: rootPem, ...identity }, (name) => heard.get(name)?.push(performance.now())));
  }
  progress(`${feeds} feeds are open`);
  const times: number[] = [];
  let lost = 0;
  for (let n = 0; n < changes; n += 1) {
    const { revision, start } = await change(control, n);
    const arrivals = heard.get(`revision ${revision}`) ?? [];
    for (let waited = 0; arrivals.length < feeds && waited < 5_000; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    lost += feeds - arrivals.length;
    times.push(...arrivals.map((at) => at - start));
  }
  for (const call of open) call.destroy();
  await control.close();
  const result = { lastMs: Math.max(...times), medianMs: percentile(times, 50), lost };
  progress(
    `${changes} changes: half of the feeds knew after ${result.medianMs.toFixed(0)} ms, all after ${result.lastMs.toFixed(0)} ms`,
  );
  return result;

  async function change(connection: Connection, n: number): Promise<{ revision: number; start: number }> {
    // Known beforehand, so that nothing that comes early is missed.
    const before = await connection.send({ method: 'GET', path: '/api/v1/services/bench-1' });
    const revision = (JSON.parse(before.text) as { revision: number }).revision + 1;
    heard.set(`revision ${revision}`, []);
    const start = performance.now();
    const body = JSON.stringify({ service_name: `Bench, changed ${n}` });
    await connection.send({ method: 'PUT', path: '/api/v1/services/bench-1', body });
    return { revision, start };
  }
}

async function openFeed(
  apiUrl: string,
  tls: { ca: string } & Identity,
  onRevision: (name: string) => void,
): Promise<ClientRequest> {
  const call = request(`${apiUrl}/api/v1/events?types=service`, { ...tls, agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve).once('error', reject).end();
  });
  if (response.statusCode !== 200) throw new Error(`a feed was refused: ${response.statusCode}`);
  call.on('error', () => undefined);
  response.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      resolve();
      for (const [, revision] of chunk.matchAll(/"service_id":"bench-1","revision":(\d+)/g)) {
        onRevision(`revision ${revision}`);
      }
    });
  });
  return call;
}
