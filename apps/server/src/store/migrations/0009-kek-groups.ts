import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { columnTypes } from './column-types.ts';

/** Groups of lines: their members, and their epochs with the sealed keys. Named by line, tenant and name for good. */
export async function up(db: Kysely<Database>): Promise<void> {
  const { integer, text, bytes, strictClustered } = columnTypes(db);
  await db.schema
    .createTable('kek_groups')
    .addColumn('line_id', integer, (column) => column.notNull().references('kek_lines.line_id'))
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('mode', text, (column) => column.notNull())
    .addColumn('epoch', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('kek_groups_pk', ['line_id', 'tenant', 'name'])
    .$call(strictClustered)
    .execute();
  await db.schema
    .createTable('kek_group_epochs')
    .addColumn('line_id', integer, (column) => column.notNull())
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('epoch', integer, (column) => column.notNull())
    .addColumn('root_id', text)
    .addColumn('sealed_key', bytes)
    .addColumn('key_id', text)
    .addColumn('started_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('kek_group_epochs_pk', ['line_id', 'tenant', 'name', 'epoch'])
    .$call(strictClustered)
    .execute();
  await db.schema
    .createTable('kek_group_members')
    .addColumn('line_id', integer, (column) => column.notNull())
    .addColumn('tenant', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('added_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('kek_group_members_pk', ['line_id', 'tenant', 'name', 'service_id'])
    .$call(strictClustered)
    .execute();
  // listKekGroups of a service.
  await db.schema
    .createIndex('kek_group_members_service')
    .on('kek_group_members')
    .columns(['service_id', 'line_id', 'tenant', 'name'])
    .execute();
}
