import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Submissions } from './ledger/submissions.ts';
import type { Store, StoreDialect } from './store.ts';

/** The writing side of a store. */
export interface Writer {
  readonly ledger: Submissions;
  /** Closes the connection that writes, once the ledger is drained. */
  close(): Promise<void>;
}

/** What a store is put together from. */
export interface StoreParts {
  readonly dialect: StoreDialect;
  readonly read: Kysely<Database>;
  readonly writer: Writer;
  /** Called after everything else is closed. */
  readonly release?: () => void;
}

/** Puts a store together; it closes its parts in the right order, and once. */
export function toStore({ dialect, read, writer, release }: StoreParts): Store {
  const { ledger } = writer;
  let closed: Promise<void> | undefined;
  const close = async () => {
    await ledger.drain();
    // The last connection to a SQLite file empties its log into it, and only one that writes can.
    await read.destroy();
    await writer.close();
    release?.();
  };
  return {
    dialect,
    read,
    ledger,
    isHealthy: () => ledger.isHealthy(),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
