import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Leaves intents out. A query that walks a list of certificates says so in these words: they are those of the
 * indexes, and SQLite uses a partial index only for a query that repeats its condition.
 */
export const isIssued: RawBuilder<SqlBool> = sql<SqlBool>`"status" != 'intent'`;

/** The same for intents, and their index. */
export const isIntent: RawBuilder<SqlBool> = sql<SqlBool>`"status" = 'intent'`;
