import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { issueRequest, makeCsrs } from '../issue/callers.ts';
import { seedLedger } from '../issue/seed-ledger.ts';
import { type BenchPki, makeBenchPki } from '../support/bench-pki.ts';
import type { Progress, Report } from '../support/benchmark.ts';
import { Connection, type LoadRequest, load } from '../support/load.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { median, percentile, rounded } from '../support/statistics.ts';

const serverFile = new URL('./crl-server.ts', import.meta.url);

/** What is revoked before anything is measured. */
const revoked = 1_000_000;
/** What docs/revocation.md advises for that many: a shard of some 50 kB. */
const crlShards = 1024;
const services = 50;
/** Administrators at work at the same time. */
const lanes = 4;
const revocationsPerLane = 250;
const checksPerLane = 1000;
const fullCrls = 5;

/** CRLs of a ledger in which a million certificates were issued and all of them revoked. */
export async function measureCrls(directory: string, progress: Progress): Promise<Report> {
  const pki = await makeBenchPki(join(directory, 'crls'), { crlShards });
  await seed(pki, progress);
  // Once from the ledger, as after a restore; then as every start finds it.
  const first = await startServerProcess(serverFile, pki);
  progress(`all shards and the full CRL made from the ledger in ${(first.openedInMs / 1000).toFixed(1)} s`);
  await first.stop();
  const server = await startServerProcess(serverFile, pki);
  progress(`started again in ${(server.startedInMs / 1000).toFixed(1)} s`);
  const admins = Array.from(
    { length: lanes },
    () => new Connection(server.apiUrl, { ca: pki.rootPem, identity: pki.admin }),
  );
  try {
    const full = await measureFull(server, admins, progress);
    const published = await measureRevocations(admins, progress);
    const checks = await measureChecks(pki, admins, progress);
    return {
      crl_revoked: revoked,
      crl_shards: crlShards,
      crl_first_start_s: rounded(first.openedInMs / 1000),
      crl_start_s: rounded(server.openedInMs / 1000),
      ...full,
      ...published,
      ...checks,
    };
  } finally {
    await Promise.all(admins.map((admin) => admin.close()));
    await server.stop();
  }
}

async function seed(pki: BenchPki, progress: Progress): Promise<void> {
  const server = await startServerProcess(serverFile, pki);
  const [one, two] = await issueTwo(pki, server);
  await server.stop();
  const start = performance.now();
  seedLedger(pki, revoked, { active: one, revoked: two, shares: { expired: 0, revoked: 100 } });
  progress(`${revoked} certificates seeded and revoked in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

/** An active and a revoked certificate, for the seeding to copy. */
async function issueTwo(pki: BenchPki, server: ServerProcess): Promise<[string, string]> {
  const admin = new Connection(server.apiUrl, { ca: pki.rootPem, identity: pki.admin });
  const [one, two] = (await issueMany(admin, 2)) as [string, string];
  await admin.send(revocationOf(two));
  await admin.close();
  return [one, two];
}

/** @returns the certificate_ids. */
async function issueMany(admin: Connection, count: number): Promise<string[]> {
  const csrs = await makeCsrs();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const csr = csrs[n % csrs.length] as string;
    const { text } = await admin.send(issueRequest(`bench-${(n % services) + 1}`, csr));
    ids.push((JSON.parse(text) as { certificate_id: string }).certificate_id);
  }
  return ids;
}

/** Answered when the shard that lists it is published. */
function revocationOf(id: string): LoadRequest {
  return { method: 'DELETE', path: `/api/v1/certificates/${id}/revoke?reason=superseded&wait=published` };
}

interface Memory {
  readonly used: number;
  readonly peak: number;
}

async function memory(server: ServerProcess): Promise<Memory> {
  const { body } = await request(`${server.publicUrl}/bench/memory`);
  return (await body.json()) as Memory;
}

/** Each full CRL is asked for by a revocation; how long it took is what the server's own metrics say. */
async function measureFull(server: ServerProcess, [admin]: readonly Connection[], progress: Progress): Promise<Report> {
  const seconds: number[] = [];
  let peak = 0;
  let growth = 0;
  for (let made = 0; made < fullCrls; made += 1) {
    const before = await publications(admin as Connection);
    const { used } = await memory(server);
    const [id] = await issueMany(admin as Connection, 1);
    await (admin as Connection).send(revocationOf(id as string));
    let after = before;
    while (after.count === before.count) {
      await sleep(200);
      after = await publications(admin as Connection);
    }
    const highest = (await memory(server)).peak;
    peak = Math.max(peak, highest);
    growth = Math.max(growth, highest - used);
    seconds.push((after.seconds - before.seconds) / (after.count - before.count));
    progress(
      `full CRL in ${seconds.at(-1)?.toFixed(2)} s, memory from ${used.toFixed(0)} up to ${highest.toFixed(0)} MiB`,
    );
  }
  return {
    full_crl_seconds: rounded(median(seconds)),
    full_crl_peak_mib: Math.round(growth),
    full_crl_server_peak_mib: Math.round(peak),
  };
}

async function publications(admin: Connection): Promise<{ seconds: number; count: number }> {
  const { text } = await admin.send({ method: 'GET', path: '/metrics' });
  const value = (suffix: string): number =>
    Number(
      new RegExp(`vcc_pki_crl_publication_duration_seconds_${suffix}\\{scope="full"\\} (\\S+)`).exec(text)?.[1] ?? 0,
    );
  return { seconds: value('sum'), count: value('count') };
}

/** From the request to the answer that the shard is published: what `?wait=published` takes. */
async function measureRevocations(admins: readonly Connection[], progress: Progress): Promise<Report> {
  const perLane = await Promise.all(admins.map((admin) => issueMany(admin, revocationsPerLane)));
  let late = 0;
  const { latenciesMs, perSecond } = await load(admins, {
    durationMs: Number.POSITIVE_INFINITY,
    next: (lane) => {
      const id = perLane[lane]?.pop();
      return id === undefined ? undefined : revocationOf(id);
    },
    onAnswer: ({ text }) => {
      if (!(JSON.parse(text) as { published: boolean }).published) late += 1;
    },
  });
  if (late > 0) throw new Error(`${late} revocations were not published within five seconds`);
  const p99 = percentile(latenciesMs, 99);
  progress(`${latenciesMs.length} revocations published, ${perSecond.toFixed(0)}/s, p99 ${p99.toFixed(1)} ms`);
  return {
    revoke_to_published_p50_ms: rounded(median(latenciesMs)),
    revoke_to_published_p99_ms: rounded(p99),
    revoke_to_published_per_s: Math.round(perSecond),
  };
}

async function measureChecks(pki: BenchPki, admins: readonly Connection[], progress: Progress): Promise<Report> {
  const ledger = new DatabaseSync(join(pki.directory, 'database', 'pki_server.db'), { readOnly: true });
  const perLane = admins.map((_, lane) =>
    ledger
      .prepare('select serial_number as serial from crl where id >= ? limit ?')
      .all(Math.floor((revoked / lanes) * lane), checksPerLane)
      .map(({ serial }) => `${serial}`),
  );
  ledger.close();
  const { latenciesMs } = await load(admins, {
    durationMs: Number.POSITIVE_INFINITY,
    next: (lane) => {
      const serial = perLane[lane]?.pop();
      return serial === undefined ? undefined : { method: 'GET', path: `/api/v1/crl/check/${serial}` };
    },
  });
  const p99 = percentile(latenciesMs, 99);
  progress(`${latenciesMs.length} checks of serial numbers, p99 ${p99.toFixed(2)} ms`);
  return { crl_check_p99_ms: rounded(p99) };
}
