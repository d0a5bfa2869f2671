import type { CompiledQuery, DatabaseConnection, Kysely, QueryResult } from 'kysely';
import type { Database } from './database.ts';

const connections = new WeakMap<Kysely<Database>, DatabaseConnection>();

/**
 * Has compiled queries run on the one connection that a transaction, or a SQLite database, has: past Kysely's layers,
 * which are most of the cost of a query that SQLite answers within microseconds. Kysely's log hears nothing of them.
 *
 * Nothing else may stream rows from that connection meanwhile: SQLite would answer from the moment when that began.
 */
export async function connectDirectly(db: Kysely<Database>): Promise<void> {
  // It has this one until it ends; to hold it on would keep the queries waiting that are built as they run.
  const connection = await db.getExecutor().provideConnection(async (own) => own);
  connections.set(db, connection);
}

/** Runs a compiled query. */
export async function executeQuery<R>(db: Kysely<Database>, query: CompiledQuery<R>): Promise<QueryResult<R>> {
  const connection = connections.get(db);
  return await (connection === undefined ? db.executeQuery(query) : connection.executeQuery<R>(query));
}
