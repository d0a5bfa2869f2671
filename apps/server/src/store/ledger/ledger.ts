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

/** One that was submitted, and the number by which its outcome is told. */
export interface Submission extends LedgerRequest {
  readonly id: number;
}

/** How one operation of a committed batch ended. */
export type Outcome = { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: unknown };

/** How a batch ended: with an outcome for each of its submissions, or, when it could not be committed, with none. */
export interface BatchReport {
  /** Those of the submissions, in their order. */
  readonly ids: readonly number[];
  readonly result: { readonly outcomes: readonly Outcome[] } | { readonly error: unknown };
  /** From the first statement to the disk. */
  readonly durationMs: number;
}
