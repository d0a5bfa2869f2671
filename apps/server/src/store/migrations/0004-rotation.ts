import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** Rotation: who does a job that is done once in a cluster. */
export async function up(db: Kysely<Database>): Promise<void> {
  await createLeases(db, columnTypes(db));
}

async function createLeases(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('name', text, (column) => column.primaryKey())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('leased_until', integer, (column) => column.notNull())
    .$call(strictClustered)
    .execute();
}
