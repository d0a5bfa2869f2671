import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** Webhooks: who wants to be told what, the outbox, and how its deliveries go. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  await createWebhooks(db, types);
  await createOutbox(db, types);
  await createDeliveries(db, types);
}

async function createWebhooks(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, strict, strictClustered } = types;
  await db.schema
    .createTable('webhooks')
    .addColumn('webhook_id', text, (column) => column.primaryKey())
    .addColumn('url', text, (column) => column.notNull())
    .addColumn('description', text, (column) => column.notNull())
    .addColumn('secret', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .$call(strict)
    .execute();
  // listWebhooks.
  await db.schema.createIndex('webhooks_status').on('webhooks').columns(['status', 'webhook_id']).execute();
  await db.schema
    .createTable('webhook_event_types')
    .addColumn('event_type', text, (column) => column.notNull())
    .addColumn('webhook_id', text, (column) => column.notNull().references('webhooks.webhook_id'))
    .addPrimaryKeyConstraint('webhook_event_types_pk', ['event_type', 'webhook_id'])
    .$call(strictClustered)
    .execute();
  // webhookById: what it wants; deleteWebhook.
  await db.schema.createIndex('webhook_event_types_webhook').on('webhook_event_types').column('webhook_id').execute();
}

async function createOutbox(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('outbox_events')
    .addColumn('event_id', text, (column) => column.primaryKey())
    .addColumn('event_type', text, (column) => column.notNull())
    .addColumn('subject', text, (column) => column.notNull())
    .addColumn('occurred_at', integer, (column) => column.notNull())
    .addColumn('data', text, (column) => column.notNull())
    .$call(strict)
    .execute();
}

async function createDeliveries(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, serial, strict } = types;
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('id', serial, (column) => column.primaryKey())
    .addColumn('webhook_id', text, (column) => column.notNull().references('webhooks.webhook_id'))
    .addColumn('event_id', text, (column) => column.notNull().references('outbox_events.event_id'))
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('due_at', integer, (column) => column.notNull())
    .addColumn('attempts', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('last_status', integer)
    .addColumn('last_error', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('settled_at', integer)
    .$call(strict)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('webhook_deliveries');
  // dueDeliveries of one webhook; webhooksWithDue asks for the first of each.
  await index('webhook_deliveries_due')
    .columns(['webhook_id', 'due_at', 'id'])
    .where(sql<SqlBool>`"status" = 'pending'`)
    .execute();
  // listDeliveries, outboxDepth, oldestPending; replay of the dead ones.
  await index('webhook_deliveries_status').columns(['webhook_id', 'status', 'id']).execute();
  // forgetSettledDeliveries.
  await index('webhook_deliveries_settled').columns(['status', 'settled_at', 'id']).execute();
  // Whether an event still has a delivery.
  await index('webhook_deliveries_event').column('event_id').execute();
}
