import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** Rotation: when what is to be renewed. Webhooks: who wants to be told what, the outbox, and how its deliveries go. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  await createRotation(db, types);
  await createServed(db, types);
  await createWebhooks(db, types);
  await createOutbox(db, types);
  await createDeliveries(db, types);
}

/** Certificates of an older ledger get their rows at the next start, which finds no rules here. */
async function createRotation(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, serial, strict, strictClustered } = types;
  await db.schema
    .createTable('rotation_schedule')
    .addColumn('id', serial, (column) => column.primaryKey())
    .addColumn('certificate_id', text, (column) => column.notNull().unique().references('certificates.certificate_id'))
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('scheduled_renewal_date', integer, (column) => column.notNull())
    .addColumn('window_end', integer, (column) => column.notNull())
    .addColumn('notification_sent', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('last_check', integer)
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('stage', text, (column) => column.notNull())
    .addColumn('reminders', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('due_at', integer)
    .addColumn('proof', text, (column) => column.notNull())
    .addColumn('proven_at', integer)
    .$call(strict)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('rotation_schedule');
  // dueRotations.
  await index('rotation_schedule_due').columns(['due_at', 'id']).where(sql<SqlBool>`"due_at" is not null`).execute();
  // listRenewals, renewalCounts.
  await index('rotation_schedule_list').columns(['status', 'scheduled_renewal_date', 'certificate_id']).execute();
  // listRenewals and renewalCounts of the unproven; recordServed: those of a service.
  await index('rotation_schedule_unproven')
    .columns(['scheduled_renewal_date', 'certificate_id'])
    .where(sql<SqlBool>`"proof" = 'wanted'`)
    .execute();
  await db.schema
    .createTable('rotation_rules')
    .addColumn('id', integer, (column) => column.primaryKey())
    .addColumn('rules', text, (column) => column.notNull())
    .$call(strict)
    .execute();
  await db.schema
    .createTable('rotation_notices')
    .addColumn('notice', text, (column) => column.primaryKey())
    .addColumn('told_at', integer, (column) => column.notNull())
    .$call(strictClustered)
    .execute();
}

async function createServed(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, strictClustered } = types;
  await db.schema
    .createTable('served_certificates')
    .addColumn('service_id', text, (column) => column.notNull().references('services.service_id'))
    .addColumn('endpoint', text, (column) => column.notNull())
    .addColumn('served_fingerprint', text, (column) => column.notNull())
    .addColumn('checked_at', integer, (column) => column.notNull())
    .addColumn('reported_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('served_certificates_pk', ['service_id', 'endpoint'])
    .$call(strictClustered)
    .execute();
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
