import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Ledger } from './ledger/ledger.ts';

/** The database that a URL names. */
export type StoreDialect = 'sqlite' | 'postgres';

/** What the CA remembers. */
export interface Store {
  readonly dialect: StoreDialect;
  /** For queries only; the database refuses writes here. Never blocked by the writer. */
  readonly read: Kysely<Database>;
  /** For every write. */
  readonly ledger: Ledger;
  /** False when writes cannot be taken any more: the ledger's thread died, or the last commit failed. */
  isHealthy(): boolean;
  /** Ends after everything submitted has been committed; later submissions are rejected. */
  close(): Promise<void>;
}

/** A store that is about to be opened. */
export interface PreparedStore {
  /**
   * Opens it and brings its schema up to date. One process at a time writes to a SQLite file; a second one is refused.
   *
   * @throws Error when it cannot be opened, is in use, or its schema cannot be brought up to date.
   */
  open(): Promise<Store>;
  /** Gives up instead of opening. */
  discard(): Promise<void>;
}

/** Where the store lies and who watches it. */
export interface StoreOptions {
  /** `sqlite:/path/to/file.db` or `postgres://user@host:port/database`. */
  readonly url: string;
  readonly observer?: StoreObserver;
}

/** What a store tells about itself, for metrics and the log. */
export interface StoreObserver {
  /** After each commit: how many operations it carried and how long it took from its first statement to the disk. */
  committed?(commit: { readonly operations: number; readonly durationMs: number }): void;
  /** What no caller hears of: a batch that could not be committed, a lost thread, a lost idle connection. */
  failed?(error: unknown): void;
  /** Before the schema of a ledger of an older server is brought up to date: the names of the changes that it lacks. */
  migrating?(missing: readonly string[]): void;
  /** Every query that this thread runs, with its SQL text: all but those of a SQLite ledger's writer. */
  queried?(query: StoreQuery): void;
}

/** A query that was run. */
export interface StoreQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly durationMs: number;
}
