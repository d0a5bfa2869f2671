import { inProcessRunner } from '../ledger/in-process-runner.ts';
import { migrate } from '../migrations/index.ts';
import type { Store, StoreObserver } from '../store.ts';
import { toStore } from '../store-handle.ts';
import { connectPostgresReader, connectPostgresWriter } from './connect-postgres.ts';

/** Opens the ledger in a PostgreSQL database; several servers may share it. */
export async function openPostgresStore(url: string, observer: StoreObserver): Promise<Store> {
  const write = connectPostgresWriter(url, observer);
  try {
    await migrate(write);
  } catch (error) {
    await write.destroy();
    throw error;
  }
  const read = connectPostgresReader(url, observer);
  return toStore({ dialect: 'postgres', read, runner: inProcessRunner(write), observer });
}
