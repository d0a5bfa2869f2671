import type { LedgerRequest } from '../ledger/ledger.ts';
import type { EncodedError } from './error-codec.ts';

/** What the worker is started with. */
export interface LedgerWorkerData {
  /** The database file. */
  readonly path: string;
}

/** To the worker: run this, or close the database and end. */
export type LedgerCommand =
  | { readonly kind: 'run'; readonly batch: readonly LedgerRequest[] }
  | { readonly kind: 'close' };

/** How one operation ended, as data. */
export type EncodedOutcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: EncodedError };

/** From the worker, one for each `run`: committed, or not. */
export type LedgerReply =
  | { readonly kind: 'committed'; readonly outcomes: readonly EncodedOutcome[] }
  | { readonly kind: 'failed'; readonly error: EncodedError };
