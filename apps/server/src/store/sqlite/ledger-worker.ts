/**
 * The thread that owns the writing connection of a SQLite ledger, so that no fsync ever blocks the server's event
 * loop. It takes submissions from worker-ledger.ts and makes its own batches of them: waiting for the server's thread
 * between two of them would leave it idle while that one is busy.
 *
 * @module
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { GroupCommit } from '../ledger/group-commit.ts';
import type { BatchReport } from '../ledger/ledger.ts';
import { BatchRunner } from '../ledger/run-batch.ts';
import { connectSqliteWriter } from './connect-sqlite.ts';
import { encodeError } from './error-codec.ts';
import type { EncodedReport, LedgerCommand } from './worker-messages.ts';

if (parentPort === null) throw new Error('ledger-worker.ts runs in a worker thread.');
const port = parentPort;
port.once('message', (command: LedgerCommand) => {
  if (command.kind === 'open') serve(port, command.path);
  else port.close();
});

function serve(port: MessagePort, path: string): void {
  const db = connectSqliteWriter(path);
  const batches = new BatchRunner(db);
  const commits = new GroupCommit({
    run: (batch) => batches.run(batch),
    report: (report) => port.postMessage(encodeReport(report)),
  });
  port.on('message', async (command: LedgerCommand) => {
    if (command.kind === 'run') return commits.add(command.submissions);
    await commits.drain();
    await db.destroy();
    port.close();
  });
}

function encodeReport({ result, ...report }: BatchReport): EncodedReport {
  if ('error' in result) return { ...report, result: { error: encodeError(result.error) } };
  const outcomes = result.outcomes.map((outcome) =>
    outcome.ok ? outcome : { ok: false as const, error: encodeError(outcome.error) },
  );
  return { ...report, result: { outcomes } };
}
