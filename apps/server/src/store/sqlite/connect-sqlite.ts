import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database } from '../database.ts';
import { queryLog } from '../query-log.ts';
import type { StoreObserver } from '../store.ts';
import { NodeSqliteDatabase } from './node-sqlite-database.ts';

/** How long a statement waits for a lock: a checkpoint or a backup holds it briefly. */
const busyTimeoutMs = 5000;

/**
 * Pages in the write-ahead log before they are moved into the database (4 KiB each; SQLite's own default is 1000).
 * More of them share the two fsyncs of a checkpoint.
 */
const checkpointPages = 4000;

/** Pages kept in memory per connection; SQLite's own 2 MB spill in the middle of a batch. */
const cacheKiB = 65_536;

/** Makes the one connection that writes. Every commit is on disk before it returns (synchronous=FULL). */
export function connectSqliteWriter(path: string, observer: StoreObserver = {}): Kysely<Database> {
  return connect(observer, () => {
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
    // Savepoints keep what they would undo in memory; in a file it would be more than what the batch itself writes.
    database.exec('pragma temp_store = memory');
    return database;
  });
}

/** Makes a connection that only reads. In WAL mode it never waits for the writer, nor the writer for it. */
export function connectSqliteReader(path: string, observer: StoreObserver = {}): Kysely<Database> {
  return connect(observer, () => new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs }));
}

/** The file is opened with the first query: Kysely closes only what it has seen opened. */
function connect(observer: StoreObserver, open: () => DatabaseSync): Kysely<Database> {
  const openCached = async () => {
    const database = open();
    database.exec(`pragma cache_size = -${cacheKiB}`);
    return new NodeSqliteDatabase(database);
  };
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: openCached }), ...queryLog(observer) });
}
