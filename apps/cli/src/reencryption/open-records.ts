import { DatabaseSync } from 'node:sqlite';
import {
  type OldRow,
  type PartitionPlace,
  PostgresRecords,
  type RecordColumn,
  type RecordStorage,
  SqliteRecords,
} from '@vcc-pki/key-provider';
import { Pool } from 'pg';
import { CliError } from '../cli-error.ts';
import { columnName, type PlannedColumn, type ReencryptionPlan } from './plan.ts';

/** The database of a plan. */
export interface OpenRecords {
  readonly storage: RecordStorage;
  /** Makes the tables of checkpoints and quarantine; a dry run does not. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** A writer of the service may hold SQLite's one lock for so long. */
const sqliteBusyMs = 10_000;

/** Opens `postgres://…` or `sqlite:FILE`. @throws CliError `badConfiguration` */
export function openRecords({ database, columns }: ReencryptionPlan): OpenRecords {
  const recordColumns = columns.map(toRecordColumn);
  if (/^postgres(ql)?:\/\//.test(database)) {
    const pool = new Pool({ connectionString: database, max: 2 });
    // Of idle connections; one that is in use fails by itself.
    pool.on('error', () => undefined);
    const storage = new PostgresRecords(pool, recordColumns);
    return { storage, prepare: () => storage.prepare(), close: () => pool.end() };
  }
  if (database.startsWith('sqlite:')) {
    const sqlite = new DatabaseSync(database.slice('sqlite:'.length), { timeout: sqliteBusyMs });
    const storage = new SqliteRecords(sqlite, recordColumns);
    return { storage, prepare: () => storage.prepare(), close: async () => sqlite.close() };
  }
  throw new CliError('badConfiguration', 'the database of the plan is neither PostgreSQL nor SQLite', {
    advice: 'Write postgres://USER@HOST/NAME or sqlite:/path/to/file.db.',
  });
}

/** Where the records of each column belong, by the names of the columns. */
export function placesOf({ columns }: ReencryptionPlan): Record<string, PartitionPlace> {
  return Object.fromEntries(columns.map((column) => [columnName(column), placeOf(column)]));
}

function placeOf(column: PlannedColumn): PartitionPlace {
  const { collection, field, binding = 'document' } = column;
  const idOf = column.document_id_type === 'integer' ? integerOf : textOf;
  const documentId = (row: OldRow): string | number | bigint =>
    idOf(column.document_id === undefined ? row.key : row.columns[column.document_id]);
  const rowVersion = (row: OldRow): string | number | bigint => integerOf(row.columns[column.row_version ?? '']);
  return {
    ...{ collection, field },
    ...(binding !== 'field' && { documentId }),
    ...(binding === 'row' && { rowVersion }),
  };
}

function toRecordColumn(column: PlannedColumn): RecordColumn {
  const { table, key: keyColumn, record: recordColumn, document_id: documentId, row_version: rowVersion } = column;
  const columns = [documentId, rowVersion].filter((name) => name !== undefined);
  return { name: columnName(column), table, keyColumn, recordColumn, columns };
}

function textOf(value: unknown): string {
  return String(value);
}

/** As a service has it that reads the column as a number, beyond 2^53 as a bigint. @throws CliError `badConfiguration` */
function integerOf(value: unknown): number | bigint {
  const text = String(value);
  if (!/^-?\d+$/.test(text)) {
    throw new CliError('badConfiguration', `"${text}" is no integer; see document_id_type and row_version of the plan`);
  }
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
