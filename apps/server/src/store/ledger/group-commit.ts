import type { BatchReport, LedgerRequest, Outcome, Submission } from './ledger.ts';

/**
 * No more operations share a commit: it bounds how long the first of them waits for the last.
 * At some 0.1 ms each, the transaction stays below 50 ms.
 */
const maxBatchSize = 512;

/** What runs the batches, and who hears how each ended. */
export interface GroupCommitParts {
  /** Runs the requests in one transaction and commits. Rejects when nothing of it was committed for sure. */
  readonly run: (batch: readonly LedgerRequest[]) => Promise<readonly Outcome[]>;
  readonly report: (report: BatchReport) => void;
}

/**
 * Collects submissions while a batch is under way and runs them together as the next one.
 *
 * It works where the database connection is: from one batch to the next it need not wait for the thread that asks.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts;
  #pending: Submission[] = [];
  #batches: Promise<void> | undefined;

  constructor(parts: GroupCommitParts) {
    this.#parts = parts;
  }

  add(submissions: readonly Submission[]): void {
    this.#pending.push(...submissions);
    this.#batches ??= this.#runBatches();
  }

  /** Resolves when everything that was added has been reported. */
  async drain(): Promise<void> {
    await this.#batches;
  }

  async #runBatches(): Promise<void> {
    do {
      // What else arrives in this turn of the event loop comes along.
      await new Promise(setImmediate);
      await this.#runBatch(this.#pending.splice(0, maxBatchSize));
    } while (this.#pending.length > 0);
    this.#batches = undefined;
  }

  async #runBatch(batch: readonly Submission[]): Promise<void> {
    const start = performance.now();
    const result = await this.#parts.run(batch).then(
      (outcomes) => ({ outcomes }),
      (error: unknown) => ({ error }),
    );
    this.#parts.report({ ids: batch.map(({ id }) => id), result, durationMs: performance.now() - start });
  }
}
