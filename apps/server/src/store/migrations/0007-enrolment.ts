import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { columnTypes } from './column-types.ts';

/** Enrolment: the one-time tokens. */
export async function up(db: Kysely<Database>): Promise<void> {
  const { integer, text, strict } = columnTypes(db);
  await db.schema
    .createTable('enrolment_tokens')
    .addColumn('token_id', text, (column) => column.primaryKey())
    .addColumn('secret_sha256', text, (column) => column.notNull())
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('dns', text, (column) => column.notNull())
    .addColumn('ip', text, (column) => column.notNull())
    .addColumn('csr_key_sha256', text)
    .addColumn('comment', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('created_by', text, (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .addColumn('used_at', integer)
    .addColumn('used_key_sha256', text)
    .addColumn('certificate_id', text)
    .addColumn('revoked_at', integer)
    .$call(strict)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('enrolment_tokens');
  // listTokens, of all services and of one.
  await index('enrolment_tokens_created').columns(['created_at', 'token_id']).execute();
  await index('enrolment_tokens_service').columns(['service_id', 'created_at', 'token_id']).execute();
  // forgetTokens.
  await index('enrolment_tokens_expiry').column('expires_at').execute();
}
