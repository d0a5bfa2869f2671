import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchPki, makeBenchPki, readBenchPki } from '../support/bench-pki.ts';
import type { Progress, Report } from '../support/benchmark.ts';
import { Connection, type LoadRequest } from '../support/load.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { median, rounded } from '../support/statistics.ts';
import { issueRequest, makeCsrs } from './callers.ts';
import { seedLedger } from './seed-ledger.ts';

const sizes = { small: 1000, large: 1_000_000 };
const startUps = 3;
const rounds = 12;
const requestsPerRound = 25;

/** What the same requests cost with a thousand and with a million certificates in the ledger, by turns. */
export async function compareSizes(directory: string, progress: Progress): Promise<Report> {
  const small = await makeBenchPki(join(directory, 'small'));
  const template = await makeTemplate(small);
  const large = await copy(small, join(directory, 'large'));
  seedLedger(small, sizes.small, template);
  const start = performance.now();
  seedLedger(large, sizes.large, template);
  progress(`${sizes.large} certificates seeded in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  const startUp = { small: await measureStartUp(small), large: await measureStartUp(large) };
  progress(`start-up: ${startUp.small.all.toFixed(0)} ms and ${startUp.large.all.toFixed(0)} ms`);
  const servers = [await startServerProcess(serverFile, small), await startServerProcess(serverFile, large)] as const;
  try {
    const probes = [await Probe.open(small, servers[0]), await Probe.open(large, servers[1])] as const;
    const ratios = await compareOperations(probes, progress);
    await Promise.all(probes.map((probe) => probe.close()));
    return {
      ...ratios,
      startup_1m_s: rounded(startUp.large.all / 1000),
      startup_1m_opening_s: rounded(startUp.large.opening / 1000),
      startup_1m_ratio: rounded(startUp.large.opening / startUp.small.opening),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** An active and a revoked certificate, issued and revoked for real. */
async function makeTemplate(pki: BenchPki): Promise<{ active: string; revoked: string }> {
  const server = await startServerProcess(serverFile, pki);
  const probe = await Probe.open(pki, server);
  await probe.time('issue', 2);
  const [active, revoked] = probe.issued as [string, string];
  await probe.time('revoke', 1);
  await probe.close();
  await server.stop();
  return { active: idOf(active), revoked: idOf(revoked) };
}

function idOf(path: string): string {
  return path.split('/').at(-1) as string;
}

/** Pages that an operator looks at; the filters are of the million where there is one. */
const listPaths = [
  '/api/v1/certificates/?limit=50',
  '/api/v1/certificates/?service=seed-0&limit=50',
  '/api/v1/certificates/?name=seed-0.vcc.local&status=active&limit=50',
  '/api/v1/certificates/?expiring_within_days=30&limit=50',
  '/api/v1/certificates/?status=revoked&limit=50',
];

const serverFile = new URL('./server.ts', import.meta.url);

async function copy(pki: BenchPki, directory: string): Promise<BenchPki> {
  await cp(pki.directory, directory, { recursive: true });
  return readBenchPki(directory, pki.passphrase);
}

/** Median milliseconds from the start of the process until it listens, and of these, those that are not loading code. */
async function measureStartUp(pki: BenchPki): Promise<{ all: number; opening: number }> {
  const servers: ServerProcess[] = [];
  for (let n = 0; n < startUps; n += 1) {
    const server = await startServerProcess(serverFile, pki);
    servers.push(server);
    await server.stop();
  }
  return {
    all: median(servers.map(({ startedInMs }) => startedInMs)),
    opening: median(servers.map(({ openedInMs }) => openedInMs)),
  };
}

const operations = ['issue', 'show', 'list', 'revoke'] as const;
type Operation = (typeof operations)[number];

async function compareOperations(probes: readonly [Probe, Probe], progress: Progress): Promise<Report> {
  const report: Record<string, number> = {};
  const times = probes.map(() => new Map<Operation, number[]>(operations.map((operation) => [operation, []])));
  for (let round = 0; round <= rounds; round += 1) {
    for (const operation of operations) {
      for (const [index, probe] of probes.entries()) {
        const measured = await probe.time(operation, requestsPerRound);
        // The first round warms up.
        if (round > 0) times[index]?.get(operation)?.push(...measured);
      }
    }
  }
  for (const operation of operations) {
    const [small, large] = times.map((all) => median(all.get(operation) ?? [])) as [number, number];
    progress(`${operation}: ${small.toFixed(2)} ms and ${large.toFixed(2)} ms`);
    report[`${operation}_1m_ratio`] = rounded(large / small);
    report[`${operation}_1m_ms`] = rounded(large);
  }
  return report;
}

/** The administrator on one connection to one server, one request after another. */
class Probe {
  /** Paths of the certificates that it was issued and did not revoke. */
  readonly issued: string[] = [];
  readonly #connection: Connection;
  readonly #csrs: readonly string[];
  #sent = 0;

  private constructor(connection: Connection, csrs: readonly string[]) {
    this.#connection = connection;
    this.#csrs = csrs;
  }

  static async open({ rootPem, admin }: BenchPki, { apiUrl }: ServerProcess): Promise<Probe> {
    return new Probe(new Connection(apiUrl, { ca: rootPem, identity: admin }), await makeCsrs());
  }

  /** Milliseconds that each of `count` requests took. */
  async time(operation: Operation, count: number): Promise<number[]> {
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const request = this.#next(operation);
      const start = performance.now();
      const { headers } = await this.#connection.send(request);
      times.push(performance.now() - start);
      if (operation === 'issue') this.issued.push(`${headers['location']}`);
    }
    return times;
  }

  #next(operation: Operation): LoadRequest {
    this.#sent += 1;
    switch (operation) {
      case 'issue':
        return issueRequest('bench-1', this.#csrs[this.#sent % this.#csrs.length] as string);
      case 'show':
        return { method: 'GET', path: `${this.issued.at(-1)}` };
      case 'list':
        return { method: 'GET', path: listPaths[this.#sent % listPaths.length] as string };
      case 'revoke':
        return { method: 'DELETE', path: `${this.issued.pop()}/revoke?reason=superseded` };
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
