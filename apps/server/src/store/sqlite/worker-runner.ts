import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BatchRunner, LedgerRequest, Outcome } from '../ledger/ledger.ts';
import { parseEncodedError } from './error-codec.ts';
import type { EncodedOutcome, LedgerCommand, LedgerReply, LedgerWorkerData } from './worker-messages.ts';

/** The same file, from source and from what was built of it. */
const workerFile = new URL(`./ledger-worker${extname(import.meta.url)}`, import.meta.url);

/** Runs batches in the thread that owns the SQLite writer. A dead thread stays dead: restart the server. */
export class WorkerRunner implements BatchRunner {
  readonly #worker: Worker;
  readonly #exited = Promise.withResolvers<void>();
  #inFlight: PromiseWithResolvers<readonly Outcome[]> | undefined;
  #ended: Error | undefined;
  #isClosing = false;

  /** @param onDeath hears why, when the thread ends without having been closed. */
  constructor(path: string, onDeath: (error: Error) => void) {
    const workerData: LedgerWorkerData = { path };
    this.#worker = new Worker(workerFile, { workerData, name: 'ledger' });
    this.#worker.on('message', (reply: LedgerReply) => this.#settle(reply));
    this.#worker.on('error', (cause) => this.#end(new Error('The ledger thread failed.', { cause })));
    this.#worker.on('exit', (code) => {
      const death = this.#end(new Error(`The ledger thread ended with code ${code}.`));
      if (!this.#isClosing) onDeath(death);
      this.#exited.resolve();
    });
  }

  run(batch: readonly LedgerRequest[]): Promise<readonly Outcome[]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#inFlight = Promise.withResolvers();
    this.#post({ kind: 'run', batch });
    return this.#inFlight.promise;
  }

  isHealthy(): boolean {
    return this.#ended === undefined;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#ended === undefined) this.#post({ kind: 'close' });
    await this.#exited.promise;
  }

  #post(command: LedgerCommand): void {
    this.#worker.postMessage(command);
  }

  #settle(reply: LedgerReply): void {
    if (reply.kind === 'committed') this.#inFlight?.resolve(reply.outcomes.map(parseOutcome));
    else this.#inFlight?.reject(parseEncodedError(reply.error));
    this.#inFlight = undefined;
  }

  /** Of an error and the exit that follows it, the first is the reason. */
  #end(error: Error): Error {
    this.#ended ??= error;
    this.#inFlight?.reject(this.#ended);
    this.#inFlight = undefined;
    return this.#ended;
  }
}

function parseOutcome(outcome: EncodedOutcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: parseEncodedError(outcome.error) };
}
