import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BatchReport, Outcome } from '../ledger/ledger.ts';
import { Submissions } from '../ledger/submissions.ts';
import type { StoreObserver } from '../store.ts';
import type { Writer } from '../store-handle.ts';
import { parseEncodedError } from './error-codec.ts';
import type { EncodedOutcome, EncodedReport, LedgerCommand, LedgerWorkerData } from './worker-messages.ts';

/** The same file, from source and from what was built of it. */
const workerFile = new URL(`./ledger-worker${extname(import.meta.url)}`, import.meta.url);

/** Starts the thread that owns the SQLite writer. A dead thread stays dead: restart the server. */
export function startWorkerLedger(path: string, observer: StoreObserver): Writer {
  const workerData: LedgerWorkerData = { path };
  const worker = new Worker(workerFile, { workerData, name: 'ledger' });
  const post = (command: LedgerCommand) => worker.postMessage(command);
  const ledger = new Submissions((submissions) => post({ kind: 'run', submissions }), observer);
  const exited = Promise.withResolvers<void>();
  let isRunning = true;
  let isClosing = false;
  worker.on('message', (report: EncodedReport) => ledger.settle(parseReport(report)));
  // Of an error and the exit that follows it, the first is the reason.
  worker.on('error', (cause) => end(new Error('The ledger thread failed.', { cause })));
  worker.on('exit', (code) => {
    end(new Error(`The ledger thread ended with code ${code}.`));
    exited.resolve();
  });
  return { ledger, close };

  function end(reason: Error): void {
    if (isRunning && !isClosing) observer.failed?.(reason);
    isRunning = false;
    ledger.end(reason);
  }

  async function close(): Promise<void> {
    isClosing = true;
    if (isRunning) post({ kind: 'close' });
    await exited.promise;
  }
}

function parseReport({ result, ...report }: EncodedReport): BatchReport {
  if ('error' in result) return { ...report, result: { error: parseEncodedError(result.error) } };
  return { ...report, result: { outcomes: result.outcomes.map(parseOutcome) } };
}

function parseOutcome(outcome: EncodedOutcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: parseEncodedError(outcome.error) };
}
