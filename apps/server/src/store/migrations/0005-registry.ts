import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** The registry of services: what the change feed tells. */
export async function up(db: Kysely<Database>): Promise<void> {
  await createChanges(db, columnTypes(db));
}

async function createChanges(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('changes')
    .addColumn('id', integer, (column) => column.primaryKey())
    .addColumn('event', text, (column) => column.notNull())
    .addColumn('data', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .$call(strict)
    .execute();
}
