import { type CreateTableBuilder, type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database.ts';

/** The few words in which the two databases differ. */
export interface ColumnTypes {
  /** 64 bits in both. */
  readonly integer: RawBuilder<unknown>;
  /** Ordered by bytes in both, whatever the locale of the database: cursors and sorted merges depend on it. */
  readonly text: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
  /** An integer that the database counts up. */
  readonly serial: RawBuilder<unknown>;
  /** Ends a table that refuses values of other types. */
  strict<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
  /** The same, and the rows lie in the primary key itself: for small rows that are looked up by nothing else. */
  strictClustered<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
}

const postgres: ColumnTypes = {
  integer: sql`bigint`,
  text: sql`text collate "C"`,
  bytes: sql`bytea`,
  serial: sql`bigint generated always as identity`,
  strict: (table) => table,
  strictClustered: (table) => table,
};

const sqlite: ColumnTypes = {
  integer: sql`integer`,
  text: sql`text`,
  bytes: sql`blob`,
  serial: sql`integer`,
  strict: (table) => table.modifyEnd(sql`strict`),
  strictClustered: (table) => table.modifyEnd(sql`strict, without rowid`),
};

/** The words of the database that `db` speaks to. */
export function columnTypes(db: Kysely<Database>): ColumnTypes {
  return db.getExecutor().adapter instanceof PostgresAdapter ? postgres : sqlite;
}
