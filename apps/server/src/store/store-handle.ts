import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { GroupCommitLedger } from './ledger/group-commit.ts';
import type { BatchRunner } from './ledger/ledger.ts';
import type { Store, StoreDialect, StoreObserver } from './store.ts';

/** What a store is put together from. */
export interface StoreParts {
  readonly dialect: StoreDialect;
  readonly read: Kysely<Database>;
  readonly runner: BatchRunner;
  readonly observer: StoreObserver;
  /** Called after everything else is closed. */
  readonly release?: () => void;
}

/** Puts a store together; it closes its parts in the right order, and once. */
export function toStore({ dialect, read, runner, observer, release }: StoreParts): Store {
  const ledger = new GroupCommitLedger(runner, observer);
  let closed: Promise<void> | undefined;
  const close = async () => {
    await ledger.drain();
    // The last connection to a SQLite file empties its log into it, and only one that writes can.
    await read.destroy();
    await runner.close();
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
