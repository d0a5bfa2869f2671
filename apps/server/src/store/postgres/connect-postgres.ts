import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Database } from '../database.ts';
import { queryLog } from '../query-log.ts';
import type { StoreObserver } from '../store.ts';

/** The object id of int8 in PostgreSQL's catalogue (pg_type.dat). Our integers stay below 2^53. */
const int8 = 20;

/** A lost server or network must not hold the cluster's ledger lock, or a request, any longer. */
const statementTimeoutMs = 30_000;
const connectTimeoutMs = 10_000;

/** Opens the one connection that writes. A commit is on disk before it returns, whatever the server's default. */
export function connectPostgresWriter(url: string, observer: StoreObserver = {}): Kysely<Database> {
  return connect(openPool(url, { max: 1, observer }), 'set synchronous_commit = on', observer);
}

/** Opens connections that only read. */
export function connectPostgresReader(url: string, observer: StoreObserver = {}): Kysely<Database> {
  return connect(openPool(url, { max: 10, observer }), 'set default_transaction_read_only = on', observer);
}

/** Opens plain connections; their sudden end (a restarted server) is told to the observer and survived. */
export function openPool(
  url: string,
  { max, observer = {} }: { readonly max: number; readonly observer?: StoreObserver },
): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'vcc-pki',
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    types: { getTypeParser: (oid, format) => (oid === int8 ? Number : types.getTypeParser(oid, format)) },
  });
  // An error event that nobody listens to ends the process: a client has its own, in use or not, and the pool repeats
  // those of idle ones.
  pool.on('connect', (client) => client.on('error', (error) => observer.failed?.(error)));
  pool.on('error', () => undefined);
  return pool;
}

function connect(pool: Pool, setting: string, observer: StoreObserver): Kysely<Database> {
  const dialect = new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(setting));
    },
  });
  return new Kysely<Database>({ dialect, ...queryLog(observer) });
}
