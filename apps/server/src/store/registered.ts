import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Leaves out services that hold certificates and never registered. The words are those of the indexes: SQLite uses a
 * partial index only for a query that repeats its condition.
 */
export const isRegistered: RawBuilder<SqlBool> = sql<SqlBool>`"services"."registered_at" is not null`;

/** The same, without those that are retired. */
export const isInService: RawBuilder<SqlBool> = sql<SqlBool>`"services"."registered_at" is not null
  and "services"."status" != 'retired'`;

/** Those whose health is checked. */
export const isChecked: RawBuilder<SqlBool> = sql<SqlBool>`"services"."health_check_url" is not null
  and "services"."status" != 'retired'`;
