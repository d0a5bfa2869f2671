import { migrate } from '../migrations/index.ts';
import type { Store, StoreObserver } from '../store.ts';
import { toStore } from '../store-handle.ts';
import { connectSqliteReader, connectSqliteWriter } from './connect-sqlite.ts';
import { startWorkerLedger } from './worker-ledger.ts';
import { takeWriterLock } from './writer-lock.ts';

/** Opens the ledger in a SQLite file, made if absent. */
export async function openSqliteStore(path: string, observer: StoreObserver): Promise<Store> {
  const lock = takeWriterLock(path);
  try {
    await migrateSqlite(path);
    const read = connectSqliteReader(path, observer);
    const writer = startWorkerLedger(path, observer);
    return toStore({ dialect: 'sqlite', read, writer, release: () => lock.release() });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function migrateSqlite(path: string): Promise<void> {
  const db = connectSqliteWriter(path);
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}
