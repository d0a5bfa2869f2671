import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** The registry of services: what a service says of itself, how it is, and what the change feed tells. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  await extendServices(db, types);
  await indexServices(db);
  await createServiceCounts(db, types);
  await createHealthChanges(db, types);
  await createChanges(db, types);
}

/** One column a statement: SQLite adds no more. */
async function extendServices(db: Kysely<Database>, { integer, text }: ColumnTypes): Promise<void> {
  const add = (name: string, type: ColumnTypes['integer']) =>
    db.schema.alterTable('services').addColumn(name, type).execute();
  for (const name of ['registered_at', 'certificate_expiry', 'status_since']) await add(name, integer);
  for (const name of ['certificate_id', 'retired_by']) await add(name, text);
  await db.schema
    .alterTable('services')
    .addColumn('revision', integer, (column) => column.notNull().defaultTo(0))
    .execute();
}

/** Their conditions are repeated by the queries, see registered.ts: SQLite uses a partial index only for those. */
async function indexServices(db: Kysely<Database>): Promise<void> {
  const isRegistered = sql<SqlBool>`"registered_at" is not null`;
  const isInService = sql<SqlBool>`"registered_at" is not null and "status" != 'retired'`;
  const isChecked = sql<SqlBool>`"health_check_url" is not null and "status" != 'retired'`;
  const index = (name: string) => db.schema.createIndex(name).on('services');
  // listServices, by its filters.
  await index('services_registered').column('service_id').where(isRegistered).execute();
  await index('services_status').columns(['status', 'service_id']).where(isRegistered).execute();
  await index('services_type').columns(['service_type', 'service_id']).where(isRegistered).execute();
  await index('services_type_status').columns(['service_type', 'status', 'service_id']).where(isRegistered).execute();
  // discoverServices without a status.
  await index('services_in_service').column('service_id').where(isInService).execute();
  await index('services_in_service_type').columns(['service_type', 'service_id']).where(isInService).execute();
  // healthTargets.
  await index('services_checked').column('service_id').where(isChecked).execute();
}

async function createServiceCounts(
  db: Kysely<Database>,
  { integer, text, strictClustered }: ColumnTypes,
): Promise<void> {
  await db.schema
    .createTable('service_counts')
    .addColumn('status', text, (column) => column.primaryKey())
    .addColumn('count', integer, (column) => column.notNull())
    .$call(strictClustered)
    .execute();
}

async function createHealthChanges(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('health_changes')
    .addColumn('service_id', text, (column) => column.notNull().references('services.service_id'))
    // Counts the changes of one service, from 1.
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('changed_at', integer, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('previous_status', text, (column) => column.notNull())
    .addColumn('detail', text, (column) => column.notNull())
    .addColumn('duration_ms', integer)
    .addPrimaryKeyConstraint('health_changes_pk', ['service_id', 'number'])
    .$call(strict)
    .execute();
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
