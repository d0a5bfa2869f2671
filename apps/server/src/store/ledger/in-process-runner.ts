import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { BatchRunner } from './ledger.ts';
import { runBatch } from './run-batch.ts';

/** Runs batches in this thread, for a database that waits in another process anyway. */
export function inProcessRunner(db: Kysely<Database>): BatchRunner {
  return {
    run: (batch) => runBatch(db, batch),
    isHealthy: () => true,
    close: () => db.destroy(),
  };
}
