import { type Kysely, type SqlBool, sql } from 'kysely';
import { genesisHash } from '../../audit/index.ts';
import type { Database } from '../database.ts';
import { type ColumnTypes, columnTypes } from './column-types.ts';

/** The certificate part of the server: services, issuers, certificates, revocations, audit. */
export async function up(db: Kysely<Database>): Promise<void> {
  const types = columnTypes(db);
  await createServices(db, types);
  await createIssuers(db, types);
  await createCertificates(db, types);
  await indexCertificates(db);
  await createCertificateNames(db, types);
  await createCrl(db, types);
  await createPublishedCrls(db, types);
  await createBlockedKeys(db, types);
  await createIdempotencyKeys(db, types);
  await createAudit(db, types);
  await createCounters(db, types);
}

async function createServices(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('services')
    .addColumn('service_id', text, (column) => column.primaryKey())
    .addColumn('service_name', text, (column) => column.notNull())
    .addColumn('service_type', text)
    .addColumn('endpoints', text, (column) => column.notNull().defaultTo('[]'))
    .addColumn('health_check_url', text)
    .addColumn('auto_renew', integer, (column) => column.notNull().defaultTo(1))
    .addColumn('status', text, (column) => column.notNull().defaultTo('active'))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addColumn('last_seen', integer)
    .addColumn('active_certificates', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('rate_tat_ms', integer, (column) => column.notNull().defaultTo(0))
    .$call(strict)
    .execute();
}

async function createIssuers(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('issuers')
    .addColumn('issuer_id', text, (column) => column.primaryKey())
    .addColumn('subject', text, (column) => column.notNull())
    .addColumn('certificate_pem', text, (column) => column.notNull())
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('serial_number', text, (column) => column.notNull())
    .addColumn('fingerprint_sha256', text, (column) => column.notNull().unique())
    .addColumn('not_before', integer, (column) => column.notNull())
    .addColumn('not_after', integer, (column) => column.notNull())
    .addColumn('parent_issuer_id', text, (column) => column.references('issuers.issuer_id'))
    .$call(strict)
    .execute();
}

async function createCertificates(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, bytes, strict } = types;
  await db.schema
    .createTable('certificates')
    .addColumn('certificate_id', text, (column) => column.primaryKey())
    .addColumn('service_id', text, (column) => column.notNull().references('services.service_id'))
    .addColumn('issuer_id', text, (column) => column.notNull().references('issuers.issuer_id'))
    .addColumn('issuer', text, (column) => column.notNull())
    .addColumn('serial_number', text, (column) => column.notNull())
    .addColumn('common_name', text, (column) => column.notNull())
    .addColumn('fingerprint_sha256', text, (column) => column.unique())
    .addColumn('spki_sha256', text, (column) => column.notNull())
    .addColumn('key_type', text, (column) => column.notNull())
    .addColumn('profile', text, (column) => column.notNull())
    .addColumn('not_before', integer, (column) => column.notNull())
    .addColumn('not_after', integer, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('tbs_der', bytes)
    .addColumn('pem_certificate', text)
    .addColumn('metadata', text, (column) => column.notNull())
    .addColumn('replaces', text)
    .addColumn('replaced_by', text)
    .addColumn('requester_fingerprint', text)
    .addColumn('instance', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('issued_at', integer)
    .addColumn('revoked_at', integer)
    .addColumn('revocation_reason', text)
    .$call(strict)
    .execute();
}

/**
 * Each index names the query that walks it. The lists leave intents out: an intent becomes a certificate within a
 * moment, and would be moved in every one of them.
 */
async function indexCertificates(db: Kysely<Database>): Promise<void> {
  const isIntent = sql<SqlBool>`"status" = 'intent'`;
  const isIssued = sql<SqlBool>`"status" != 'intent'`;
  const index = (name: string) => db.schema.createIndex(name).on('certificates');
  // certificateBySerial; with the issuer it is the uniqueness that RFC 5280 s4.1.2.2 demands.
  await index('certificates_serial').columns(['serial_number', 'issuer_id']).unique().execute();
  // recordRevocation: the other certificates of a compromised key.
  await index('certificates_key').column('spki_sha256').execute();
  // findUnsettledIntents.
  await index('certificates_intent').columns(['created_at', 'certificate_id']).where(isIntent).execute();
  // listCertificates.
  await index('certificates_status').columns(['status', 'created_at', 'certificate_id']).where(isIssued).execute();
  // listCertificates of a service, currentCertificateOfService; recordIntent: its overdue ones, the one to drop.
  await index('certificates_service')
    .columns(['service_id', 'status', 'created_at', 'certificate_id'])
    .where(isIssued)
    .execute();
  // listCertificates of an issuer.
  await index('certificates_issuer')
    .columns(['issuer_id', 'status', 'created_at', 'certificate_id'])
    .where(isIssued)
    .execute();
  // expireDue, listCertificates about to expire.
  await index('certificates_expiry').columns(['status', 'not_after', 'certificate_id']).where(isIssued).execute();
}

async function createCertificateNames(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('certificate_names')
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('certificate_id', types.text, (column) => column.notNull().references('certificates.certificate_id'))
    .addPrimaryKeyConstraint('certificate_names_pk', ['name', 'created_at', 'certificate_id'])
    .$call(types.strictClustered)
    .execute();
}

async function createCrl(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, bytes, serial, strict } = types;
  await db.schema
    .createTable('crl')
    .addColumn('id', serial, (column) => column.primaryKey())
    .addColumn('certificate_id', text, (column) => column.notNull().unique().references('certificates.certificate_id'))
    .addColumn('issuer_id', text, (column) => column.notNull().references('issuers.issuer_id'))
    .addColumn('serial_number', text, (column) => column.notNull())
    .addColumn('not_after', integer, (column) => column.notNull())
    .addColumn('revoked_at', integer, (column) => column.notNull())
    .addColumn('revocation_reason', text, (column) => column.notNull())
    .addColumn('entry_der', bytes, (column) => column.notNull())
    .addColumn('shard', integer, (column) => column.notNull().defaultTo(0))
    .$call(strict)
    .execute();
  // revokedEntries: those that still have to be listed, however many are long expired.
  await db.schema.createIndex('crl_issuer').on('crl').columns(['issuer_id', 'not_after', 'id']).execute();
}

async function createPublishedCrls(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { integer, text, bytes, strict } = types;
  await db.schema
    .createTable('published_crls')
    .addColumn('issuer_id', text, (column) => column.notNull().references('issuers.issuer_id'))
    .addColumn('scope', text, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('this_update', integer, (column) => column.notNull())
    .addColumn('next_update', integer, (column) => column.notNull())
    .addColumn('der', bytes, (column) => column.notNull())
    .addColumn('sha256', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('published_crls_pk', ['issuer_id', 'scope', 'number'])
    .$call(strict)
    .execute();
}

async function createBlockedKeys(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('blocked_keys')
    .addColumn('spki_sha256', text, (column) => column.primaryKey())
    .addColumn('reason', text, (column) => column.notNull())
    .addColumn('certificate_id', text)
    .addColumn('blocked_at', integer, (column) => column.notNull())
    .$call(strictClustered)
    .execute();
}

async function createIdempotencyKeys(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('service_id', text, (column) => column.notNull())
    .addColumn('idempotency_key', text, (column) => column.notNull())
    .addColumn('request_sha256', text, (column) => column.notNull())
    .addColumn('certificate_id', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['service_id', 'idempotency_key'])
    .$call(strict)
    .execute();
  // abandonIntent gives the key back.
  await db.schema.createIndex('idempotency_keys_certificate').on('idempotency_keys').column('certificate_id').execute();
  // expireDue forgets the old ones.
  await db.schema.createIndex('idempotency_keys_expiry').on('idempotency_keys').column('expires_at').execute();
}

async function createAudit(db: Kysely<Database>, { integer, text, strict }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('id', integer, (column) => column.primaryKey())
    .addColumn('timestamp', integer, (column) => column.notNull())
    .addColumn('service_id', text)
    .addColumn('action', text, (column) => column.notNull())
    .addColumn('certificate_id', text)
    .addColumn('client_ip', text)
    .addColumn('client_cert_fingerprint', text)
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('details', text, (column) => column.notNull())
    .addColumn('request_id', text)
    .addColumn('previous_hash', text, (column) => column.notNull())
    .addColumn('hash', text, (column) => column.notNull())
    .$call(strict)
    .execute();
  // auditPage with each of its filters.
  await db.schema.createIndex('audit_log_service').on('audit_log').columns(['service_id', 'id']).execute();
  await db.schema.createIndex('audit_log_action').on('audit_log').columns(['action', 'id']).execute();
  await db.schema.createIndex('audit_log_certificate').on('audit_log').columns(['certificate_id', 'id']).execute();
  await db.schema.createIndex('audit_log_timestamp').on('audit_log').columns(['timestamp', 'id']).execute();
  await db.schema
    .createTable('audit_head')
    .addColumn('id', integer, (column) => column.primaryKey())
    .addColumn('sequence', integer, (column) => column.notNull())
    .addColumn('hash', text, (column) => column.notNull())
    .$call(strict)
    .execute();
  await db.insertInto('audit_head').values({ id: 1, sequence: 0, hash: genesisHash }).execute();
}

async function createCounters(db: Kysely<Database>, { integer, text, strictClustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('rate_limits')
    .addColumn('key', text, (column) => column.primaryKey())
    .addColumn('tat_ms', integer, (column) => column.notNull())
    .$call(strictClustered)
    .execute();
  await db.insertInto('rate_limits').values({ key: 'global', tat_ms: 0 }).execute();
  await db.schema
    .createTable('certificate_counts')
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('expiry_day', integer, (column) => column.notNull())
    .addColumn('count', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('certificate_counts_pk', ['status', 'expiry_day'])
    .$call(strictClustered)
    .execute();
}
