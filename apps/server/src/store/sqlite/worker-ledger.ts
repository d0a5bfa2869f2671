import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BatchReport, Outcome } from '../ledger/ledger.ts';
import { Submissions } from '../ledger/submissions.ts';
import type { StoreObserver } from '../store.ts';
import type { Writer } from '../store-handle.ts';
import { parseEncodedError } from './error-codec.ts';
import type { EncodedOutcome, EncodedReport, LedgerCommand } from './worker-messages.ts';

/** The same file, from source and from what was built of it. */
const workerFile = new URL(`./ledger-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * The thread that owns the SQLite writer, started at once, because loading its code takes longer than opening the
 * database; it touches no file before it is told to. A dead thread stays dead: restart the server.
 */
export class LedgerThread implements Writer {
  readonly ledger: Submissions;
  readonly #observer: StoreObserver;
  readonly #worker = new Worker(workerFile, { name: 'ledger' });
  readonly #exited = Promise.withResolvers<void>();
  #isRunning = true;
  #isClosing = false;

  constructor(observer: StoreObserver) {
    this.#observer = observer;
    this.ledger = new Submissions((submissions) => this.#post({ kind: 'run', submissions }), observer);
    this.#worker.on('message', (report: EncodedReport) => this.ledger.settle(parseReport(report)));
    // Of an error and the exit that follows it, the first is the reason.
    this.#worker.on('error', (cause) => this.#end(new Error('The ledger thread failed.', { cause })));
    this.#worker.on('exit', (code) => {
      this.#end(new Error(`The ledger thread ended with code ${code}.`));
      this.#exited.resolve();
    });
  }

  /** Has the database opened; must come before the first operation. */
  open(path: string): void {
    this.#post({ kind: 'open', path });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#isRunning) this.#post({ kind: 'close' });
    await this.#exited.promise;
  }

  #post(command: LedgerCommand): void {
    this.#worker.postMessage(command);
  }

  #end(reason: Error): void {
    if (this.#isRunning && !this.#isClosing) this.#observer.failed?.(reason);
    this.#isRunning = false;
    this.ledger.end(reason);
  }
}

function parseReport({ result, ...report }: EncodedReport): BatchReport {
  if ('error' in result) return { ...report, result: { error: parseEncodedError(result.error) } };
  return { ...report, result: { outcomes: result.outcomes.map(parseOutcome) } };
}

function parseOutcome(outcome: EncodedOutcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: parseEncodedError(outcome.error) };
}
