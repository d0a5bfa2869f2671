import { DatabaseSync } from 'node:sqlite';

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy: someone else holds the lock. */
const sqliteBusy = 5;

/** The right to write to a SQLite ledger; {@link WriterLock.release} or the end of the process gives it back. */
export interface WriterLock {
  release(): void;
}

/**
 * Takes the right to write, so that a second server on the same file refuses to start instead of sharing it.
 *
 * The lock is SQLite's own, held on an empty database beside the ledger (`<path>.lock`): the operating system drops
 * it when the process ends, however it ends, and readers of the ledger are not concerned. It does not reach across
 * machines: a ledger on a network drive is not supported (https://www.sqlite.org/wal.html), a cluster uses PostgreSQL.
 *
 * @throws Error at once when another process, or this one, holds it.
 */
export function takeWriterLock(path: string): WriterLock {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new Error(`${path} is in use: another server writes to it. Stop that one first.`, { cause: error });
  }
  return { release: () => lock.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
