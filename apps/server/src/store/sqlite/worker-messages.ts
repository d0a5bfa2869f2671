import type { BatchReport, Submission } from '../ledger/ledger.ts';
import type { EncodedError } from './error-codec.ts';

/** What the worker is started with. */
export interface LedgerWorkerData {
  /** The database file. */
  readonly path: string;
}

/** To the worker: run these, or finish, close the database and end. */
export type LedgerCommand =
  | { readonly kind: 'run'; readonly submissions: readonly Submission[] }
  | { readonly kind: 'close' };

/** How one operation ended, as data. */
export type EncodedOutcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: EncodedError };

/** From the worker, one for each batch. */
export type EncodedReport = Omit<BatchReport, 'result'> & {
  readonly result: { readonly outcomes: readonly EncodedOutcome[] } | { readonly error: EncodedError };
};
