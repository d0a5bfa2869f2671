import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

const columns = [
  ...['certificate_id', 'service_id', 'scheduled_renewal_date', 'window_end', 'notification_sent', 'last_check'],
  ...['status', 'stage', 'reminders', 'due_at', 'proof', 'proven_at'],
];

/** The rows of the rotation schedule lie under their certificates, and have no number of their own any more. */
export async function up(db: Kysely<Database>): Promise<void> {
  await createSchedule(db, columnTypes(db));
  const all = sql.raw(columns.join(', '));
  await sql`insert into new_rotation_schedule (${all}) select ${all} from rotation_schedule`.execute(db);
  await db.schema.dropTable('rotation_schedule').execute();
  await sql`alter table new_rotation_schedule rename to rotation_schedule`.execute(db);
  await indexSchedule(db);
}

async function createSchedule(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('new_rotation_schedule')
    .addColumn('certificate_id', text, (column) => column.primaryKey().references('certificates.certificate_id'))
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
    .$call(strictClustered)
    .execute();
}

async function indexSchedule(db: Kysely<Database>): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name).on('rotation_schedule');
  // dueRotations.
  await index('rotation_schedule_due')
    .columns(['due_at', 'certificate_id'])
    .where(sql<SqlBool>`"due_at" is not null`)
    .execute();
  // listRenewals, renewalCounts.
  await index('rotation_schedule_list').columns(['status', 'scheduled_renewal_date', 'certificate_id']).execute();
  // listRenewals and renewalCounts of the unproven; recordServed: those of a service.
  await index('rotation_schedule_unproven')
    .columns(['scheduled_renewal_date', 'certificate_id'])
    .where(sql<SqlBool>`"proof" = 'wanted'`)
    .execute();
}
