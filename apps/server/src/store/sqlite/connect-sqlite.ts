import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import type { Database } from '../database.ts';
import { queryLog } from '../query-log.ts';
import type { StoreObserver } from '../store.ts';
import { NodeSqliteDatabase } from './node-sqlite-database.ts';

/** How long a statement waits for a lock: a checkpoint or a backup holds it briefly. */
const busyTimeoutMs = 5000;

/**
 * Pages in the write-ahead log before they are moved into the database (4 KiB each, 64 MiB; SQLite's own default is
 * 1000). What is new stands side by side, so the longer the log, the more often a page in it is replaced before it is
 * moved; and more of them share the two fsyncs.
 */
const checkpointPages = 16_000;

/**
 * Memory for pages per connection. A larger one costs more than it saves: SQLite looks at every page it holds at the
 * end of a transaction that split pages of an index, and of the writer's nearly all do (pcache1Truncate: with room for
 * 64 MiB, a tenth of the writer's time when it held 16).
 */
const cacheKiB = 8192;

/** What a batch has changed stays in memory beyond that until it is committed: pages, 64 MiB. */
const spillPages = 16_384;

/** Makes the one connection that writes. Every commit is on disk before it returns (synchronous=FULL). */
export function connectSqliteWriter(path: string, observer: StoreObserver = {}): Kysely<Database> {
  return connect(observer, () => {
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
    // Savepoints keep what they would undo in memory; in a file it would be more than what the batch itself writes.
    database.exec('pragma temp_store = memory');
    database.exec(`pragma cache_spill = ${spillPages}`);
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
  return new Kysely<Database>({ dialect: new Dialect({ database: openCached }), ...queryLog(observer) });
}

class Dialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }
}

/**
 * Kysely runs migrations of SQLite without a transaction by default, and a crash in the middle of one would leave a
 * schema that no start can bring up to date. SQLite undoes changes of the schema like all others
 * (https://www.sqlite.org/lang_transaction.html).
 */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
