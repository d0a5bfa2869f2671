import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** CRLs in shards: who lists what until when, what a published CRL covers, and who may publish. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  // Null: the number of shards is settled at the next start, see settle-crl-shards.ts.
  await db.schema.alterTable('issuers').addColumn('crl_shards', types.integer).execute();
  await extendCrl(db, types);
  await extendPublishedCrls(db, types);
  await moveCrlsIntoParts(db, types);
  await createCrlLeases(db, types);
}

/** One column a statement: SQLite adds no more. */
async function addCounters(
  db: Kysely<Database>,
  { integer }: ColumnTypes,
  { table, columns }: { readonly table: 'crl' | 'published_crls'; readonly columns: readonly string[] },
): Promise<void> {
  for (const name of columns) {
    await db.schema
      .alterTable(table)
      .addColumn(name, integer, (column) => column.notNull().defaultTo(0))
      .execute();
  }
}

async function extendCrl(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  await addCounters(db, types, { table: 'crl', columns: ['listed_until', 'revision', 'amended'] });
  await sql`update crl set
    listed_until = case when not_after > revoked_at then not_after else revoked_at end,
    revision = id,
    shard = -1`.execute(db);
  await db.schema.dropIndex('crl_issuer').execute();
  const index = (name: string) => db.schema.createIndex(name).on('crl');
  // shardEntries: those that still have to be listed, however many are long expired; settleCrlShards.
  await index('crl_shard').columns(['issuer_id', 'shard', 'listed_until', 'id']).execute();
  // shardEntriesSince.
  await index('crl_shard_revision').columns(['issuer_id', 'shard', 'revision']).execute();
  // entriesSince, revocationsSince, newestRevision; list-as-revoked.ts: the next revision.
  await index('crl_revision').columns(['issuer_id', 'revision']).execute();
}

async function extendPublishedCrls(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const columns = ['sequence', 'published_at', 'revision', 'entries', 'read_at'];
  await addCounters(db, types, { table: 'published_crls', columns });
  await db.schema.alterTable('published_crls').addColumn('base_number', types.integer).execute();
  await sql`update published_crls set sequence = number, published_at = this_update`.execute(db);
  // publicationsSince; publishCrl: the next sequence.
  await db.schema.createIndex('published_crls_sequence').on('published_crls').column('sequence').execute();
}

async function moveCrlsIntoParts(db: Kysely<Database>, { integer, text, bytes, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('published_crl_parts')
    .addColumn('issuer_id', text, (column) => column.notNull())
    .addColumn('scope', text, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('part', integer, (column) => column.notNull())
    .addColumn('der', bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('published_crl_parts_pk', ['issuer_id', 'scope', 'number', 'part'])
    .$call(strict)
    .execute();
  await sql`insert into published_crl_parts (issuer_id, scope, number, part, der)
    select issuer_id, scope, number, 0, der from published_crls`.execute(db);
  await db.schema.alterTable('published_crls').dropColumn('der').execute();
}

async function createCrlLeases(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('crl_leases')
    .addColumn('issuer_id', text, (column) => column.notNull().references('issuers.issuer_id'))
    .addColumn('scope', text, (column) => column.notNull())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('leased_until', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('crl_leases_pk', ['issuer_id', 'scope'])
    .$call(strictClustered)
    .execute();
}
