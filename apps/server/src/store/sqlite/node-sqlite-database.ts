import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** How many statements stay compiled; ours are about 60 texts, lists with filters included. */
const maxCachedStatements = 256;

/**
 * Every transaction here writes. One that began to read would not wait for a lock that somebody else holds when it comes
 * to write, whatever the time-out, but fail at once (https://www.sqlite.org/lang_transaction.html, SQLITE_BUSY).
 */
const beginToWrite = 'begin immediate';

/** `node:sqlite` as the database that Kysely's SQLite dialect asks for. */
export class NodeSqliteDatabase implements SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= maxCachedStatements) this.#statements.clear();
    const statement = toSqliteStatement(this.#database.prepare(sql === 'begin' ? beginToWrite : sql));
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}

function toSqliteStatement(statement: StatementSync): SqliteStatement {
  // Only a statement that gives rows has columns; asked once, because the answer is built anew each time.
  const reader = statement.columns().length > 0;
  return {
    reader,
    all: (parameters) => statement.all(...bindable(parameters)),
    run: (parameters) => statement.run(...bindable(parameters)),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  };
}

function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  const first = parameters[0];
  // node:sqlite takes an object in the first place for named parameters, and would bind null to ours without a word.
  if (typeof first === 'object' && first !== null && !ArrayBuffer.isView(first)) {
    throw new TypeError('An object cannot be bound to a parameter.');
  }
  // Whatever else SQLite cannot hold, node:sqlite itself refuses with a TypeError.
  return parameters as SQLInputValue[];
}
