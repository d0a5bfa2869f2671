import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { FieldEncryption } from '@vcc-pki/key-provider';
import type { Pool } from 'pg';
import { openPool } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { type RotationPlan, TwoKeks } from './two-keks.ts';

export interface RotationLoad {
  readonly url: string;
  readonly rows: number;
  readonly writesPerSecond: number;
  readonly kills: number;
  /** Work between a restart and the next kill. */
  readonly workMs: number;
  readonly rowsPerSecond: number;
  readonly progress?: (line: string) => void;
}

export interface RotationReport {
  readonly rows: number;
  readonly writes: number;
  readonly kills: number;
  readonly lost_updates: number;
  readonly failed_reads: number;
  readonly rows_left_under_the_old_key: number;
  /** The longest time between the last saved place and a kill: what was done again. */
  readonly most_repeated_ms: number;
  readonly outcome: string;
  readonly seconds: number;
}

const leaseMs = 10_000;

/** Encrypts a table anew while it is written and read, and kills whoever does it again and again. */
export async function rotateUnderLoad(load: RotationLoad): Promise<RotationReport> {
  const { url, rows, kills, progress = () => undefined } = load;
  const pool = openPool(url, { max: 8 });
  try {
    const patients = new Patients(pool, rows);
    await patients.fill();
    progress(`${rows} rows under the old key`);
    patients.promote();
    const startMs = performance.now();
    const writing = patients.keepWriting(load.writesPerSecond);
    const { outcome, repeatedMs } = await runAndKill(pool, load, progress);
    const seconds = (performance.now() - startMs) / 1000;
    await patients.stopWriting();
    await writing;
    const { lost, left } = await patients.check();
    return {
      ...{ rows, kills, outcome, seconds: Math.round(seconds * 10) / 10 },
      writes: patients.writes,
      lost_updates: lost,
      failed_reads: patients.failedReads,
      rows_left_under_the_old_key: left,
      most_repeated_ms: Math.round(Math.max(0, ...repeatedMs)),
    };
  } finally {
    await pool.end();
  }
}

async function runAndKill(
  pool: Pool,
  { url, rowsPerSecond, kills, workMs }: RotationLoad,
  progress: (line: string) => void,
): Promise<{ readonly outcome: string; readonly repeatedMs: readonly number[] }> {
  const plan: RotationPlan = { url, rowsPerSecond, leaseMs };
  const repeatedMs: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const job = startJob(plan);
    await once(job, 'message');
    // At a moment that has nothing to do with when places are saved.
    await sleep(workMs * (0.5 + ((kill * 0.618) % 1)));
    if (job.exitCode !== null) throw new Error(`the job was done before kill ${kill + 1} of ${kills}`);
    const exited = once(job, 'exit');
    job.kill('SIGKILL');
    const killedAtMs = Date.now();
    await exited;
    const { rows } = await pool.query<Record<string, unknown>>('select * from vcc_reencryption_job');
    repeatedMs.push(killedAtMs - (Number(rows[0]?.['lease_until_ms']) - leaseMs));
    progress(`kill ${kill + 1}: pass ${rows[0]?.['pass']}, ${rows[0]?.['rewritten']} rows encrypted anew`);
  }
  const job = startJob(plan);
  let outcome = 'nothing';
  job.on('message', (message: { outcome?: string }) => {
    outcome = message.outcome ?? outcome;
  });
  await once(job, 'exit');
  return { outcome, repeatedMs };
}

function startJob(plan: RotationPlan): ChildProcess {
  return fork(new URL('./rotation-process.ts', import.meta.url), [JSON.stringify(plan)], {
    execArgv: ['--conditions=@vcc-pki/source'],
  });
}

const batchRows = 5_000;

/** A table of patients, and what must be in it. */
class Patients {
  writes = 0;
  failedReads = 0;
  readonly #pool: Pool;
  readonly #rows: number;
  readonly #keys = new TwoKeks();
  readonly #encryption = new FieldEncryption({ keys: this.#keys, line: this.#keys.line, tenant: 'acme' });
  /** How often each row was written. */
  readonly #expected: Uint32Array;
  readonly #busy = new Set<number>();
  #isStopping = false;

  constructor(pool: Pool, rows: number) {
    this.#pool = pool;
    this.#rows = rows;
    this.#expected = new Uint32Array(rows);
  }

  async fill(): Promise<void> {
    await this.#pool.query('create table patients (id bigint primary key, ssn bytea)');
    for (let start = 0; start < this.#rows; start += batchRows) {
      const ids = Array.from({ length: Math.min(batchRows, this.#rows - start) }, (_, i) => start + i);
      const items = ids.map((documentId) => ({ value: `${documentId}:0`, documentId }));
      const records = this.#encryption.encryptMany({ collection: 'patients', field: 'ssn' }, items);
      await this.#pool.query('insert into patients select * from unnest($1::bigint[], $2::bytea[])', [
        ids,
        records.map(({ value }) => Buffer.from(value as Uint8Array)),
      ]);
    }
    await this.#pool.query('analyze patients');
  }

  promote(): void {
    this.#keys.primaryVersion = 2;
  }

  /** Writes and reads rows at random; of each row one write is under way at a time, so that its last value is known. */
  async keepWriting(perSecond: number): Promise<void> {
    const startMs = performance.now();
    const underWay = new Set<Promise<void>>();
    for (let n = 0; !this.#isStopping; n += 1) {
      const waitMs = startMs + (n * 1000) / perSecond - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      const work = this.#writeAndRead().finally(() => underWay.delete(work));
      underWay.add(work);
      if (underWay.size >= 64) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  async stopWriting(): Promise<void> {
    this.#isStopping = true;
  }

  /** Reads every row. */
  async check(): Promise<{ readonly lost: number; readonly left: number }> {
    let lost = 0;
    let left = 0;
    for (let start = 0; start < this.#rows; start += batchRows) {
      const { rows } = await this.#pool.query<{ id: number; ssn: Buffer }>(
        'select id, ssn from patients where id >= $1 and id < $2 order by id',
        [start, start + batchRows],
      );
      left += rows.filter(({ ssn }) => ssn.readUInt32BE(8) !== 2).length;
      const items = rows.map(({ id, ssn }) => ({ value: ssn, documentId: id }));
      const values = await this.#encryption.decryptMany({ collection: 'patients', field: 'ssn' }, items);
      lost += Math.min(batchRows, this.#rows - start) - rows.length;
      for (const [i, { value }] of values.entries()) if (!this.#isExpected(start + i, value)) lost += 1;
    }
    return { lost, left };
  }

  async #writeAndRead(): Promise<void> {
    const id = Math.floor(Math.random() * this.#rows);
    if (this.#busy.has(id)) return;
    this.#busy.add(id);
    try {
      await this.#read(id);
      const next = (this.#expected[id] ?? 0) + 1;
      const record = this.#encryption.encrypt({ ...place, documentId: id }, `${id}:${next}`);
      await this.#pool.query('update patients set ssn = $2 where id = $1', [id, Buffer.from(record)]);
      this.#expected[id] = next;
      this.writes += 1;
    } finally {
      this.#busy.delete(id);
    }
  }

  async #read(id: number): Promise<void> {
    const { rows } = await this.#pool.query<{ ssn: Buffer }>('select ssn from patients where id = $1', [id]);
    const [result] = await this.#encryption.decryptMany(place, [{ value: rows[0]?.ssn as Buffer, documentId: id }]);
    if (!this.#isExpected(id, result?.value)) this.failedReads += 1;
  }

  #isExpected(id: number, value: Uint8Array | undefined): boolean {
    return value !== undefined && Buffer.from(value).toString() === `${id}:${this.#expected[id]}`;
  }
}

const place = { collection: 'patients', field: 'ssn' };
