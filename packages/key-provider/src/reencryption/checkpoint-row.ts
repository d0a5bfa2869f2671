import type { Checkpoint, QuarantinedRow } from './storage-port.ts';

/** Columns of `vcc_reencryption_job` beside those of the lease, in the order of {@link checkpointValues}. */
export const checkpointColumns = [
  'line_id',
  'kek_version',
  'epoch',
  'pass',
  'partition_index',
  'last_key',
  'last_key_is_number',
  'scanned',
  'rewritten',
  'missed',
  'quarantined',
  'unrecognized',
  'old_in_pass',
  'poisoned_in_pass',
  'is_pass_acknowledged',
  'clean_scans',
] as const;

type Row = Readonly<Record<string, unknown>>;

/** All numbers are integers below 2^53, truths 0 and 1: the same in every database. */
export function checkpointValues(checkpoint: Checkpoint): (number | string | null)[] {
  const { counts, lastKey } = checkpoint;
  return [
    checkpoint.lineId,
    checkpoint.version,
    checkpoint.epoch,
    checkpoint.pass,
    checkpoint.partition,
    lastKey === undefined ? null : String(lastKey),
    typeof lastKey === 'number' ? 1 : 0,
    counts.scanned,
    counts.rewritten,
    counts.missed,
    counts.quarantined,
    counts.unrecognized,
    checkpoint.oldInPass,
    checkpoint.poisonedInPass,
    checkpoint.isPassAcknowledged ? 1 : 0,
    checkpoint.cleanScans,
  ];
}

/** @returns undefined for a job that was taken and has saved nothing yet */
export function checkpointFromRow(row: Row): Checkpoint | undefined {
  if (row['line_id'] === null) return undefined;
  const number = (column: string): number => Number(row[column]);
  const lastKey = row['last_key'];
  return {
    jobId: String(row['job_id']),
    lineId: number('line_id'),
    version: number('kek_version'),
    epoch: number('epoch'),
    pass: number('pass'),
    partition: number('partition_index'),
    lastKey: typeof lastKey !== 'string' ? undefined : number('last_key_is_number') === 1 ? Number(lastKey) : lastKey,
    counts: {
      scanned: number('scanned'),
      rewritten: number('rewritten'),
      missed: number('missed'),
      quarantined: number('quarantined'),
      unrecognized: number('unrecognized'),
    },
    oldInPass: number('old_in_pass'),
    poisonedInPass: number('poisoned_in_pass'),
    isPassAcknowledged: number('is_pass_acknowledged') === 1,
    cleanScans: number('clean_scans'),
  };
}

export function quarantinedFromRow(row: Row): QuarantinedRow {
  const key = String(row['row_key']);
  return {
    partition: String(row['partition_name']),
    key: Number(row['key_is_number']) === 1 ? Number(key) : key,
    reason: String(row['reason']),
  };
}

/** The tables, in SQL that PostgreSQL and SQLite share. They stand in the database of the records. */
export const checkpointTables = [
  `create table if not exists vcc_reencryption_job (
  job_id text primary key,
  fencing_token bigint not null,
  holder text not null,
  lease_until_ms bigint not null,
  line_id bigint,
  kek_version bigint,
  epoch bigint,
  pass integer,
  partition_index integer,
  last_key text,
  last_key_is_number integer,
  scanned bigint,
  rewritten bigint,
  missed bigint,
  quarantined bigint,
  unrecognized bigint,
  old_in_pass bigint,
  poisoned_in_pass bigint,
  is_pass_acknowledged integer,
  clean_scans integer
)`,
  `create table if not exists vcc_reencryption_quarantine (
  job_id text not null,
  partition_name text not null,
  row_key text not null,
  key_is_number integer not null,
  reason text not null,
  primary key (job_id, partition_name, row_key)
)`,
] as const;
