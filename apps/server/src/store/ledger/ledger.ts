import type { OperationInput, OperationName, OperationOutput } from '../operations/index.ts';

/**
 * The one door for writes. Operations submitted at the same time share one transaction and one commit, one after
 * another, each undone on its own when it throws. A promise settles after the commit: what it says is on disk.
 */
export interface Ledger {
  /**
   * Runs an operation.
   *
   * @throws PkiError what the operation refuses with; nothing of it is then recorded.
   * @throws Error when the commit failed or the ledger is closed.
   */
  submit<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>>;
}

/** An operation to be run. */
export interface LedgerRequest {
  readonly name: OperationName;
  readonly input: unknown;
}

/** How one operation of a committed batch ended. */
export type Outcome = { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown };

/** Runs batches, one at a time: here or in another thread. */
export interface BatchRunner {
  /** Runs the requests in one transaction and commits. Rejects when nothing of it was committed for sure. */
  run(batch: readonly LedgerRequest[]): Promise<readonly Outcome[]>;
  /** False once it cannot run another batch. */
  isHealthy(): boolean;
  close(): Promise<void>;
}
