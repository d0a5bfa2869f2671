import { connectDirectly } from '../direct-connection.ts';
import { migrate } from '../migrations/index.ts';
import type { PreparedStore, Store, StoreObserver } from '../store.ts';
import { toStore } from '../store-handle.ts';
import { connectSqliteReader, connectSqliteWriter } from './connect-sqlite.ts';
import { LedgerThread } from './worker-ledger.ts';
import { takeWriterLock } from './writer-lock.ts';

/** Prepares a ledger in a SQLite file, made if absent when it is opened. */
export function prepareSqliteStore(path: string, observer: StoreObserver): PreparedStore {
  const thread = new LedgerThread(observer);
  return { open, discard: () => thread.close() };

  async function open(): Promise<Store> {
    try {
      return await openSqliteStore(path, { thread, observer });
    } catch (error) {
      await thread.close();
      throw error;
    }
  }
}

async function openSqliteStore(
  path: string,
  { thread, observer }: { readonly thread: LedgerThread; readonly observer: StoreObserver },
): Promise<Store> {
  const lock = takeWriterLock(path);
  try {
    await migrateSqlite(path, observer);
    const read = connectSqliteReader(path, observer);
    if (observer.queried === undefined) await connectDirectly(read);
    thread.open(path);
    return toStore({ dialect: 'sqlite', read, writer: thread, release: () => lock.release() });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function migrateSqlite(path: string, observer: StoreObserver): Promise<void> {
  const db = connectSqliteWriter(path);
  try {
    await migrate(db, { observer });
  } finally {
    await db.destroy();
  }
}
