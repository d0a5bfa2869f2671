import {
  checkpointColumns,
  checkpointFromRow,
  checkpointTables,
  checkpointValues,
  quarantinedFromRow,
} from './checkpoint-row.ts';
import { isOld, lookAtHeader } from './header-look.ts';
import { columnOf, furtherColumns, quoted, type RecordColumn, selection } from './record-column.ts';
import type {
  Checkpoint,
  CheckpointStore,
  JobLease,
  QuarantinedRow,
  RecordStorage,
  RowKey,
  ScanPage,
  ScanRequest,
  Swap,
} from './storage-port.ts';

type Value = string | number | bigint | Uint8Array | null;
type Row = Record<string, unknown>;

/** What is used of a `DatabaseSync` of node:sqlite; `better-sqlite3` fits too. */
export interface SqliteQueries {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: Value[]): unknown[];
    run(...values: Value[]): { readonly changes: number | bigint };
  };
}

/** Records in columns of type BLOB. */
export class SqliteRecords implements RecordStorage {
  readonly partitions: readonly string[];
  readonly checkpoint: CheckpointStore;
  readonly #database: SqliteQueries;
  readonly #columns: readonly RecordColumn[];

  /** @param now milliseconds since the epoch: SQLite is used by processes of one machine, which share a clock. */
  constructor(database: SqliteQueries, columns: readonly RecordColumn[], now: () => number = Date.now) {
    this.#database = database;
    this.#columns = columns;
    this.partitions = columns.map(({ name }) => name);
    this.checkpoint = new SqliteCheckpoints(database, now);
  }

  /** Makes the tables for checkpoints and quarantine where they are missing. */
  async prepare(): Promise<void> {
    for (const table of checkpointTables) this.#database.exec(table);
  }

  async scan({ partition, after, limit, target }: ScanRequest): Promise<ScanPage> {
    const column = columnOf(this.#columns, partition);
    const key = quoted(column.keyColumn);
    const sql = `select ${selection(column)} from ${quoted(column.table)}
      ${after === undefined ? '' : `where ${key} > ?`} order by ${key} limit ?`;
    const rows = this.#database.prepare(sql).all(...(after === undefined ? [limit] : [after, limit])) as Row[];
    const records = rows.map((row) => ({
      key: row['vcc_key'] as RowKey,
      record: row['vcc_record'],
      columns: furtherColumns(column, row),
    }));
    const present = records.filter((row) => row.record !== null);
    return {
      scanned: rows.length,
      lastKey: records.at(-1)?.key,
      old: present.flatMap(({ record, ...row }) =>
        record instanceof Uint8Array && isOld(lookAtHeader(record), target) ? [{ ...row, record }] : [],
      ),
      unrecognized: present.filter(
        ({ record }) => !(record instanceof Uint8Array) || lookAtHeader(record) === undefined,
      ).length,
    };
  }

  async compareAndSwap(partition: string, swaps: readonly Swap[]): Promise<readonly boolean[]> {
    const column = columnOf(this.#columns, partition);
    const [key, record] = [quoted(column.keyColumn), quoted(column.recordColumn)];
    const swap = this.#database.prepare(
      `update ${quoted(column.table)} set ${record} = ? where ${key} = ? and ${record} = ?`,
    );
    this.#database.exec('begin immediate');
    try {
      const made = swaps.map((one) => Number(swap.run(one.replacement, one.key, one.expected).changes) === 1);
      this.#database.exec('commit');
      return made;
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }

  async estimateRows(partition: string): Promise<number> {
    const { table } = columnOf(this.#columns, partition);
    const [row] = this.#database.prepare(`select count(*) as rows from ${quoted(table)}`).all() as Row[];
    return Number(row?.['rows'] ?? 0);
  }
}

class SqliteCheckpoints implements CheckpointStore {
  readonly #database: SqliteQueries;
  readonly #now: () => number;

  constructor(database: SqliteQueries, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async take(
    jobId: string,
    holder: { readonly name: string; readonly leaseMs: number },
  ): Promise<JobLease | undefined> {
    const nowMs = this.#now();
    const [row] = this.#database
      .prepare(
        `insert into vcc_reencryption_job (job_id, fencing_token, holder, lease_until_ms) values (?, 1, ?, ?)
         on conflict (job_id) do update
         set fencing_token = fencing_token + 1, holder = excluded.holder, lease_until_ms = excluded.lease_until_ms
         where lease_until_ms <= ? or holder = excluded.holder
         returning *`,
      )
      .all(jobId, holder.name, nowMs + holder.leaseMs, nowMs) as Row[];
    if (row === undefined) return undefined;
    return { fencingToken: Number(row['fencing_token']), checkpoint: checkpointFromRow(row) };
  }

  async save(checkpoint: Checkpoint, lease: { fencingToken: number; leaseMs: number }): Promise<boolean> {
    const assignments = checkpointColumns.map((column) => `${column} = ?`).join(', ');
    const { changes } = this.#database
      .prepare(
        `update vcc_reencryption_job set ${assignments}, lease_until_ms = ? where job_id = ? and fencing_token = ?`,
      )
      .run(...checkpointValues(checkpoint), this.#now() + lease.leaseMs, checkpoint.jobId, lease.fencingToken);
    return Number(changes) === 1;
  }

  async release(jobId: string, fencingToken: number): Promise<void> {
    this.#database
      .prepare('update vcc_reencryption_job set lease_until_ms = 0 where job_id = ? and fencing_token = ?')
      .run(jobId, fencingToken);
  }

  async quarantine(jobId: string, quarantined: readonly QuarantinedRow[]): Promise<void> {
    const insert = this.#database.prepare(
      `insert into vcc_reencryption_quarantine (job_id, partition_name, row_key, key_is_number, reason)
       values (?, ?, ?, ?, ?)
       on conflict (job_id, partition_name, row_key) do update set reason = excluded.reason`,
    );
    for (const { partition, key, reason } of quarantined) {
      insert.run(jobId, partition, String(key), typeof key === 'number' ? 1 : 0, reason);
    }
  }

  async quarantined(jobId: string, limit: number): Promise<readonly QuarantinedRow[]> {
    const rows = this.#database
      .prepare('select * from vcc_reencryption_quarantine where job_id = ? order by partition_name, row_key limit ?')
      .all(jobId, limit);
    return (rows as Row[]).map(quarantinedFromRow);
  }
}
