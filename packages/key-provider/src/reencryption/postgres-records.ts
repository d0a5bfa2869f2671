import { groupFlag } from '../ciphertext/record-header.ts';
import {
  checkpointColumns,
  checkpointFromRow,
  checkpointTables,
  checkpointValues,
  quarantinedFromRow,
} from './checkpoint-row.ts';
import { headerLookBytes, headerNumber, recordMagic } from './header-look.ts';
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

type Row = Record<string, unknown>;

/** What is used of a client or pool of the package `pg`. */
export interface PostgresQueries {
  query(text: string, values: unknown[]): Promise<{ readonly rows: Row[] }>;
}

/** SQLSTATE of transactions that lost against another one: deadlock_detected, serialization_failure. */
const lostAgainstOther = new Set(['40P01', '40001']);

/** Records in columns of type bytea. */
export class PostgresRecords implements RecordStorage {
  readonly partitions: readonly string[];
  readonly checkpoint: CheckpointStore;
  readonly #database: PostgresQueries;
  readonly #columns: readonly RecordColumn[];
  readonly #keyTypes = new Map<string, string>();

  constructor(database: PostgresQueries, columns: readonly RecordColumn[]) {
    this.#database = database;
    this.#columns = columns;
    this.partitions = columns.map(({ name }) => name);
    this.checkpoint = new PostgresCheckpoints(database);
  }

  /** Makes the tables for checkpoints and quarantine where they are missing. */
  async prepare(): Promise<void> {
    for (const table of checkpointTables) await this.#database.query(table, []);
  }

  async scan({ partition, after, limit, target }: ScanRequest): Promise<ScanPage> {
    const column = columnOf(this.#columns, partition);
    const key = quoted(column.keyColumn);
    const numbers = [target.lineId, target.version, target.groupEpoch ?? 0].map(headerNumber);
    const values: unknown[] = [limit, recordMagic, ...numbers];
    if (after !== undefined) values.push(after);
    // The window is read by its key whatever is in it, so that one look never becomes a look at everything.
    const { rows } = await this.#database.query(
      `with stretch as materialized (
         select ${selection(column)} from ${quoted(column.table)}
         ${after === undefined ? '' : `where ${key} > $6`} order by ${key} limit $1
       ), facts as (
         select count(*) as scanned, count(*) filter (
           where substring(vcc_record from 1 for 2) <> $2 or length(vcc_record) < ${headerLookBytes}) as unrecognized
         from stretch
       )
       select facts.*, (select vcc_key from stretch order by vcc_key desc limit 1) as last_key, stretch.*
       from facts left join stretch on substring(vcc_record from 1 for 2) = $2
         and substring(vcc_record from 5 for 4) = $3 and (substring(vcc_record from 9 for 4) <> $4
           or case when length(vcc_record) >= ${headerLookBytes + 4} and get_byte(vcc_record, 3) & ${groupFlag} <> 0
             then substring(vcc_record from ${headerLookBytes + 1} for 4) < $5 else false end)
       order by vcc_key`,
      values,
    );
    const [first] = rows;
    return {
      scanned: Number(first?.['scanned']),
      unrecognized: Number(first?.['unrecognized']),
      lastKey: (first?.['last_key'] ?? undefined) as RowKey | undefined,
      old: rows
        .filter((row) => row['vcc_key'] !== null)
        .map((row) => ({
          key: row['vcc_key'] as RowKey,
          record: row['vcc_record'] as Uint8Array,
          columns: furtherColumns(column, row),
        })),
    };
  }

  async compareAndSwap(partition: string, swaps: readonly Swap[]): Promise<readonly boolean[]> {
    if (swaps.length === 0) return [];
    try {
      return await this.#swapTogether(partition, swaps);
    } catch (error) {
      if (swaps.length === 1 || !lostAgainstOther.has(String((error as { code?: unknown }).code))) throw error;
      // One row at a time holds no lock while it waits for another.
      const made: boolean[] = [];
      for (const swap of swaps) made.push(...(await this.compareAndSwap(partition, [swap])));
      return made;
    }
  }

  async estimateRows(partition: string): Promise<number> {
    const { table } = columnOf(this.#columns, partition);
    const { rows } = await this.#database.query('select reltuples as rows from pg_class where oid = $1::regclass', [
      quoted(table),
    ]);
    const estimate = Number(rows[0]?.['rows'] ?? -1);
    if (estimate >= 0) return estimate;
    // Never analysed: then it is young, and counting it is cheap or has to be done once.
    const counted = await this.#database.query(`select count(*) as rows from ${quoted(table)}`, []);
    return Number(counted.rows[0]?.['rows'] ?? 0);
  }

  async #swapTogether(partition: string, swaps: readonly Swap[]): Promise<boolean[]> {
    const column = columnOf(this.#columns, partition);
    const [key, record] = [quoted(column.keyColumn), quoted(column.recordColumn)];
    const { rows } = await this.#database.query(
      `update ${quoted(column.table)} as stored set ${record} = swap.replacement
       from unnest($1::${await this.#keyType(column)}[], $2::bytea[], $3::bytea[]) as swap (key, expected, replacement)
       where stored.${key} = swap.key and stored.${record} = swap.expected
       returning stored.${key} as vcc_key`,
      [
        swaps.map((swap) => swap.key),
        swaps.map((swap) => Buffer.from(swap.expected)),
        swaps.map((swap) => Buffer.from(swap.replacement)),
      ],
    );
    const made = new Set(rows.map((row) => String(row['vcc_key'])));
    return swaps.map((swap) => made.has(String(swap.key)));
  }

  async #keyType({ table, keyColumn, name }: RecordColumn): Promise<string> {
    const known = this.#keyTypes.get(name);
    if (known !== undefined) return known;
    const { rows } = await this.#database.query(
      `select format_type(atttypid, null) as type from pg_attribute
       where attrelid = $1::regclass and attname = $2 and not attisdropped`,
      [quoted(table), keyColumn],
    );
    const type = rows[0]?.['type'];
    if (typeof type !== 'string') throw new RangeError(`there is no column ${keyColumn} in ${table}`);
    this.#keyTypes.set(name, type);
    return type;
  }
}

/** The clock of the database decides about leases: those of the processes may differ. */
const databaseNow = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

class PostgresCheckpoints implements CheckpointStore {
  readonly #database: PostgresQueries;

  constructor(database: PostgresQueries) {
    this.#database = database;
  }

  async take(
    jobId: string,
    holder: { readonly name: string; readonly leaseMs: number },
  ): Promise<JobLease | undefined> {
    const { rows } = await this.#database.query(
      `insert into vcc_reencryption_job as job (job_id, fencing_token, holder, lease_until_ms)
       values ($1, 1, $2, ${databaseNow} + $3::bigint)
       on conflict (job_id) do update
       set fencing_token = job.fencing_token + 1, holder = excluded.holder, lease_until_ms = excluded.lease_until_ms
       where job.lease_until_ms <= ${databaseNow} or job.holder = excluded.holder
       returning *`,
      [jobId, holder.name, holder.leaseMs],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return { fencingToken: Number(row['fencing_token']), checkpoint: checkpointFromRow(row) };
  }

  async save(checkpoint: Checkpoint, lease: { fencingToken: number; leaseMs: number }): Promise<boolean> {
    const assignments = checkpointColumns.map((column, i) => `${column} = $${i + 4}`).join(', ');
    const { rows } = await this.#database.query(
      `update vcc_reencryption_job set ${assignments}, lease_until_ms = ${databaseNow} + $3::bigint
       where job_id = $1 and fencing_token = $2 returning job_id`,
      [checkpoint.jobId, lease.fencingToken, lease.leaseMs, ...checkpointValues(checkpoint)],
    );
    return rows.length === 1;
  }

  async release(jobId: string, fencingToken: number): Promise<void> {
    await this.#database.query(
      'update vcc_reencryption_job set lease_until_ms = 0 where job_id = $1 and fencing_token = $2',
      [jobId, fencingToken],
    );
  }

  async quarantine(jobId: string, quarantined: readonly QuarantinedRow[]): Promise<void> {
    await this.#database.query(
      `insert into vcc_reencryption_quarantine (job_id, partition_name, row_key, key_is_number, reason)
       select $1, * from unnest($2::text[], $3::text[], $4::integer[], $5::text[])
       on conflict (job_id, partition_name, row_key) do update set reason = excluded.reason`,
      [
        jobId,
        quarantined.map(({ partition }) => partition),
        quarantined.map(({ key }) => String(key)),
        quarantined.map(({ key }) => (typeof key === 'number' ? 1 : 0)),
        quarantined.map(({ reason }) => reason),
      ],
    );
  }

  async quarantined(jobId: string, limit: number): Promise<readonly QuarantinedRow[]> {
    const { rows } = await this.#database.query(
      `select * from vcc_reencryption_quarantine where job_id = $1 order by partition_name, row_key limit $2`,
      [jobId, limit],
    );
    return rows.map(quarantinedFromRow);
  }
}
