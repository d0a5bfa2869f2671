import type { CompiledQuery, DatabaseConnection, Kysely, QueryResult } from 'kysely';
import type { Database } from './database.ts';

const connections = new WeakMap<Kysely<Database>, DatabaseConnection>();

/**
 * Has compiled queries of a transaction run on its connection, past Kysely's layers: for a query that SQLite answers
 * within microseconds they are most of its cost. Kysely's log hears nothing of them.
 */
export async function connectDirectly(transaction: Kysely<Database>): Promise<void> {
  // The transaction has this one until it ends; to hold it on would keep the queries waiting that are built as they run.
  const connection = await transaction.getExecutor().provideConnection(async (own) => own);
  connections.set(transaction, connection);
}

/** Runs a compiled query. */
export async function executeQuery<R>(db: Kysely<Database>, query: CompiledQuery<R>): Promise<QueryResult<R>> {
  const connection = connections.get(db);
  return await (connection === undefined ? db.executeQuery(query) : connection.executeQuery<R>(query));
}
