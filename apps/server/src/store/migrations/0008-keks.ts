import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** Key-encryption keys: lines and their versions, who may have them, who has them, and what has become of them. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  await createLines(db, types);
  await createVersions(db, types);
  await createLog(db, types);
  await createGrants(db, types);
  await createConsumers(db, types);
}

async function createLines(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('kek_lines')
    .addColumn('line_id', integer, (column) => column.primaryKey())
    .addColumn('name', text, (column) => column.notNull().unique())
    .addColumn('kem', text, (column) => column.notNull())
    .addColumn('epoch', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('last_version', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .$call(strict)
    .execute();
}

async function createVersions(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, bytes, strict } = types;
  await db.schema
    .createTable('kek_versions')
    .addColumn('number', integer, (column) => column.primaryKey())
    .addColumn('line_id', integer, (column) => column.notNull().references('kek_lines.line_id'))
    .addColumn('version', integer, (column) => column.notNull())
    .addColumn('kem', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('compromised', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('revoked', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('certificate_id', text, (column) => column.notNull().unique().references('certificates.certificate_id'))
    .addColumn('root_id', text, (column) => column.notNull())
    .addColumn('sealed_seed', bytes)
    .addColumn('not_before_write', integer, (column) => column.notNull())
    .addColumn('not_after_write', integer, (column) => column.notNull())
    .addColumn('published_epoch', integer, (column) => column.notNull())
    .addColumn('retired_epoch', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('state_changed_at', integer, (column) => column.notNull())
    .addUniqueConstraint('kek_versions_version', ['line_id', 'version'])
    .$call(strict)
    .execute();
  // The database itself keeps a line from having two keys to write under.
  await db.schema
    .createIndex('kek_versions_primary')
    .unique()
    .on('kek_versions')
    .column('line_id')
    .where(sql<SqlBool>`"state" = 'PRIMARY'`)
    .execute();
  // listKeks of a line.
  await db.schema.createIndex('kek_versions_line').on('kek_versions').columns(['line_id', 'number']).execute();
}

async function createLog(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('kek_log')
    .addColumn('line_id', integer, (column) => column.notNull().references('kek_lines.line_id'))
    .addColumn('epoch', integer, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('from_state', text)
    .addColumn('to_state', text, (column) => column.notNull())
    .addColumn('cause', text, (column) => column.notNull())
    .addColumn('forced', integer, (column) => column.notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('kek_log_pk', ['line_id', 'epoch', 'number'])
    .$call(strictClustered)
    .execute();
}

async function createGrants(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('kek_grants')
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('line_id', integer, (column) => column.notNull().references('kek_lines.line_id'))
    .addColumn('grants', text, (column) => column.notNull())
    .addColumn('granted_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('kek_grants_pk', ['service_id', 'line_id'])
    .$call(strictClustered)
    .execute();
  // grantsOfLine.
  await db.schema.createIndex('kek_grants_line').on('kek_grants').columns(['line_id', 'service_id']).execute();
}

async function createConsumers(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('kek_consumers')
    .addColumn('line_id', integer, (column) => column.notNull().references('kek_lines.line_id'))
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('instance', text, (column) => column.notNull())
    .addColumn('acknowledged_epoch', integer, (column) => column.notNull())
    .addColumn('poll_interval_ms', integer, (column) => column.notNull())
    .addColumn('last_seen', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('kek_consumers_pk', ['line_id', 'service_id', 'instance'])
    .$call(strictClustered)
    .execute();
  await db.schema
    .createTable('kek_holders')
    .addColumn('line_id', integer, (column) => column.notNull().references('kek_lines.line_id'))
    .addColumn('version', integer, (column) => column.notNull())
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('could_write', integer, (column) => column.notNull())
    .addColumn('records', integer)
    .addColumn('clean_scans', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('scanned_at', integer)
    .addPrimaryKeyConstraint('kek_holders_pk', ['line_id', 'version', 'service_id'])
    .$call(strictClustered)
    .execute();
}
