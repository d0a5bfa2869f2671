import type { BatchReport, Submission } from '../ledger/ledger.ts';
import type { EncodedError } from './error-codec.ts';

/**
 * To the worker: open this database file, which comes first; run these; finish, close the database and end.
 */
export type LedgerCommand =
  | { readonly kind: 'open'; readonly path: string }
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
