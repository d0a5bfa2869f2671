import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { GroupCommit } from '../ledger/group-commit.ts';
import { BatchRunner } from '../ledger/run-batch.ts';
import { Submissions } from '../ledger/submissions.ts';
import { migrate } from '../migrations/index.ts';
import type { Store, StoreObserver } from '../store.ts';
import { toStore, type Writer } from '../store-handle.ts';
import { connectPostgresReader, connectPostgresWriter } from './connect-postgres.ts';

/** Opens the ledger in a PostgreSQL database; several servers may share it. */
export async function openPostgresStore(url: string, observer: StoreObserver): Promise<Store> {
  const write = connectPostgresWriter(url, observer);
  try {
    await migrate(write, { observer });
  } catch (error) {
    await write.destroy();
    throw error;
  }
  const read = connectPostgresReader(url, observer);
  return toStore({ dialect: 'postgres', read, writer: inProcessWriter(write, observer) });
}

/** Runs batches in this thread: the database waits for its disk in another process anyway. */
function inProcessWriter(db: Kysely<Database>, observer: StoreObserver): Writer {
  const batches = new BatchRunner(db, { watched: observer.queried !== undefined });
  const commits = new GroupCommit({ run: (batch) => batches.run(batch), report: (report) => ledger.settle(report) });
  const ledger = new Submissions((submissions) => commits.add(submissions), observer);
  return { ledger, close: () => db.destroy() };
}
