import type { OperationInput, OperationName, OperationOutput } from '../operations/index.ts';
import type { StoreObserver } from '../store.ts';
import type { BatchRunner, Ledger, LedgerRequest, Outcome } from './ledger.ts';

/**
 * No more operations share a commit: it bounds how long the first of them waits for the last.
 * At some 0.1 ms each, the transaction stays below 50 ms.
 */
const maxBatchSize = 512;

interface Pending extends LedgerRequest {
  readonly settle: PromiseWithResolvers<unknown>;
}

/** Collects operations while a batch is under way and sends them off together as the next one. */
export class GroupCommitLedger implements Ledger {
  readonly #runner: BatchRunner;
  readonly #observer: StoreObserver;
  #pending: Pending[] = [];
  #batches: Promise<void> | undefined;
  #isDraining = false;
  #lastCommitFailed = false;

  constructor(runner: BatchRunner, observer: StoreObserver = {}) {
    this.#runner = runner;
    this.#observer = observer;
  }

  async submit<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>> {
    if (this.#isDraining) throw new Error('The ledger is closed.');
    const settle = Promise.withResolvers<unknown>();
    this.#pending.push({ name, input, settle });
    this.#batches ??= this.#runBatches();
    // The runner answers a request with what its own operation returned.
    return (await settle.promise) as OperationOutput<K>;
  }

  isHealthy(): boolean {
    return !this.#isDraining && !this.#lastCommitFailed && this.#runner.isHealthy();
  }

  /** Takes no more, and settles what was submitted; the runner is its opener's to close. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#batches;
  }

  async #runBatches(): Promise<void> {
    // What else arrives in this turn of the event loop comes along.
    await new Promise(setImmediate);
    while (this.#pending.length > 0) await this.#runBatch(this.#pending.splice(0, maxBatchSize));
    this.#batches = undefined;
  }

  async #runBatch(batch: readonly Pending[]): Promise<void> {
    const start = performance.now();
    try {
      const outcomes = await this.#runner.run(batch.map(({ name, input }) => ({ name, input })));
      this.#lastCommitFailed = false;
      this.#observer.committed?.({ operations: batch.length, durationMs: performance.now() - start });
      for (const [index, { settle }] of batch.entries()) settleWith(settle, outcomes[index]);
    } catch (error) {
      this.#lastCommitFailed = true;
      this.#observer.failed?.(error);
      for (const { settle } of batch) settle.reject(error);
    }
  }
}

function settleWith(settle: PromiseWithResolvers<unknown>, outcome: Outcome | undefined): void {
  if (outcome === undefined) settle.reject(new Error('The ledger gave no outcome for an operation.'));
  else if (outcome.ok) settle.resolve(outcome.output);
  else settle.reject(outcome.error);
}
