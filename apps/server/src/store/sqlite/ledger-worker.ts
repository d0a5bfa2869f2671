/**
 * The thread that owns the writing connection of a SQLite ledger, so that no fsync ever blocks the server's event
 * loop. It takes one batch at a time from worker-runner.ts.
 *
 * @module
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Outcome } from '../ledger/ledger.ts';
import { runBatch } from '../ledger/run-batch.ts';
import { connectSqliteWriter } from './connect-sqlite.ts';
import { encodeError } from './error-codec.ts';
import type { EncodedOutcome, LedgerCommand, LedgerReply, LedgerWorkerData } from './worker-messages.ts';

if (parentPort === null) throw new Error('ledger-worker.ts runs in a worker thread.');
serve(parentPort, workerData as LedgerWorkerData);

function serve(port: MessagePort, { path }: LedgerWorkerData): void {
  const db = connectSqliteWriter(path);
  port.on('message', async (command: LedgerCommand) => {
    if (command.kind === 'close') {
      await db.destroy();
      port.close();
      return;
    }
    port.postMessage(await answer(() => runBatch(db, command.batch)));
  });
}

async function answer(run: () => Promise<readonly Outcome[]>): Promise<LedgerReply> {
  try {
    return { kind: 'committed', outcomes: (await run()).map(encodeOutcome) };
  } catch (error) {
    return { kind: 'failed', error: encodeError(error) };
  }
}

function encodeOutcome(outcome: Outcome): EncodedOutcome {
  return outcome.ok ? outcome : { ok: false, error: encodeError(outcome.error) };
}
