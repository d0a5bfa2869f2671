import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AuditHead, chainRecords, toAuditRecord } from '../../apps/server/src/audit/index.ts';
import type { BenchPki } from '../support/bench-pki.ts';

/**
 * Fills the SQLite ledger of a PKI that is not running with certificates, as if they had been issued over the last 60
 * days: to services of 1,000 certificates each, with their names, counts and audit records; of 100, 9 are expired and 1 is
 * revoked, unless told otherwise. Each row is a copy of a real one, the certificate of `template`, with what tells rows apart made anew; so
 * whatever columns there are, they are filled.
 * @param template an active and a revoked certificate_id.
 */
export function seedLedger(
  pki: BenchPki,
  count: number,
  template: { active: string; revoked: string; shares?: Shares },
): void {
  const db = new DatabaseSync(join(pki.directory, 'database', 'pki_server.db'));
  db.exec('pragma synchronous = off; pragma cache_size = -1000000; pragma temp_store = memory; begin');
  const restoreIndexes = dropIndexes(db);
  seedServices(db, count);
  seedCertificates(db, count, { shares: usualShares, ...template });
  seedNames(db);
  seedRevocations(db, template.revoked);
  seedAudit(db);
  restoreIndexes();
  recount(db);
  db.exec('commit; pragma wal_checkpoint(truncate)');
  db.close();
}

/** Filling a table and then sorting its indexes is several times faster. */
function dropIndexes(db: DatabaseSync): () => void {
  const indexes = db.prepare(`select name, sql from sqlite_master where type = 'index' and sql is not null`).all();
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  return () => {
    for (const { sql } of indexes) db.exec(`${sql}`);
  };
}

const certificatesPerService = 1000;
const dayMs = 86_400_000;

function seedServices(db: DatabaseSync, count: number): void {
  const services = Math.ceil(count / certificatesPerService);
  const columns = columnsOf(db, 'services', { service_id: `'seed-' || n`, service_name: `'seed-' || n` });
  db.exec(`with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${services - 1})
    insert into services ${columns.names}
    select ${columns.values} from numbers, services as t where t.service_id = 'bench-1'`);
}

/** How many of 100 certificates are expired, and how many are revoked. */
interface Shares {
  readonly expired: number;
  readonly revoked: number;
}

const usualShares: Shares = { expired: 9, revoked: 1 };

function seedCertificates(
  db: DatabaseSync,
  count: number,
  { active: template, shares: { expired, revoked } }: { active: string; shares: Shares },
): void {
  const isExpired = `n % 100 < ${expired}`;
  const isRevoked = `n % 100 between ${expired} and ${expired + revoked - 1}`;
  const now = Date.now();
  const createdAt = `${now} - ${60 * dayMs} + cast(n * ${60 * dayMs}.0 / ${count} as integer)`;
  const service = `'seed-' || (n / ${certificatesPerService})`;
  // Spread over the next year, or over the last ten days for those that are expired.
  const notAfter = `case when ${isExpired} then ${now} - (n % 240) * 3600000 - 1 else ${now} + (n % 8760 + 2) * 3600000 end`;
  const columns = columnsOf(db, 'certificates', {
    // In the order of issue, as the server's own are (certificate-id.ts, serial-number.ts).
    certificate_id: `'cert_seed_' || (n / ${certificatesPerService}) || '_20260101_' || printf('%07x', n) || substr(${randomHex(7)}, 2)`,
    service_id: service,
    serial_number: `printf('4%011x', ${createdAt}) || ${randomHex(12)}`,
    common_name: service,
    fingerprint_sha256: randomHex(32),
    spki_sha256: randomHex(32),
    status: `case when ${isExpired} then 'expired' when ${isRevoked} then 'revoked' else 'active' end`,
    revoked_at: `case when ${isRevoked} then ${now - dayMs} end`,
    revocation_reason: `case when ${isRevoked} then 'superseded' end`,
    not_after: notAfter,
    created_at: createdAt,
    issued_at: createdAt,
  });
  db.prepare(
    `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${count - 1})
    insert into certificates ${columns.names}
    select ${columns.values} from numbers, certificates as t where t.certificate_id = ?`,
  ).run(template);
}

function seedNames(db: DatabaseSync): void {
  db.exec(`insert into certificate_names (name, created_at, certificate_id)
    select prefix || service_id || suffix, created_at, certificate_id
    from (select '' as prefix, '' as suffix union all select '', '.vcc.local' union all select 'spiffe://vcc.local/', ''),
      certificates
    where service_id like 'seed-%' order by 1, 2, 3`);
}

/** The serial number stands in the entry that a CRL will list, too. */
function seedRevocations(db: DatabaseSync, template: string): void {
  const row = db
    .prepare('select serial_number, hex(entry_der) as entry from crl where certificate_id = ?')
    .get(template);
  const serial = `${row?.['serial_number']}`;
  const at = `${row?.['entry']}`.toLowerCase().indexOf(serial) / 2;
  const place = 'row_number() over (order by c.not_after)';
  const digit = (place: number) => `(instr('0123456789abcdef', substr(c.serial_number, ${place}, 1)) - 1)`;
  const columns = columnsOf(db, 'crl', {
    id: `(select max(id) from crl) + ${place}`,
    revision: `(select max(revision) from crl) + ${place}`,
    listed_until: 'c.not_after',
    // As crl-shard.ts has it, for numbers of shards that divide 4096.
    shard: `(256 * ${digit(-3)} + 16 * ${digit(-2)} + ${digit(-1)}) % (select crl_shards from issuers where issuer_id = c.issuer_id)`,
    certificate_id: 'c.certificate_id',
    serial_number: 'c.serial_number',
    not_after: 'c.not_after',
    entry_der: `cast(substr(t.entry_der, 1, ${at}) || unhex(c.serial_number) || substr(t.entry_der, ${at + serial.length / 2 + 1}) as blob)`,
  });
  db.prepare(
    `insert into crl ${columns.names} select ${columns.values} from certificates as c, crl as t
    where t.certificate_id = ? and c.status = 'revoked' and c.service_id like 'seed-%'`,
  ).run(template);
}

function recount(db: DatabaseSync): void {
  db.exec(`update services set active_certificates = held.number
    from (select service_id, count(*) as number from certificates where status = 'active' group by 1) as held
    where held.service_id = services.service_id`);
  db.exec(`delete from certificate_counts;
    insert into certificate_counts (status, expiry_day, count)
    select status, not_after / ${dayMs}, count(*) from certificates
    where status in ('active', 'expired', 'revoked') group by 1, 2`);
}

/** One record for each certificate, chained for real: the server goes on from here. */
function seedAudit(db: DatabaseSync): void {
  const insert = db.prepare(`insert into audit_log (id, timestamp, service_id, action, certificate_id, client_ip,
    client_cert_fingerprint, status, details, request_id, previous_hash, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  let head = db.prepare('select sequence, hash from audit_head').get() as unknown as AuditHead;
  const certificates = db.prepare(`select certificate_id, service_id, fingerprint_sha256, created_at from certificates
    where service_id like 'seed-%' order by rowid`);
  for (const certificate of certificates.iterate()) {
    const fingerprint = `${certificate['fingerprint_sha256']}`;
    const record = toAuditRecord({
      timestamp: Number(certificate['created_at']),
      requestId: '00000000-0000-4000-8000-000000000000',
      serviceId: `${certificate['service_id']}`,
      action: 'request',
      certificateId: `${certificate['certificate_id']}`,
      clientIp: '127.0.0.1',
      clientCertFingerprint: fingerprint,
      status: 'success',
      details: { fingerprint_sha256: fingerprint },
    });
    for (const r of chainRecords(head, [record])) {
      insert.run(
        ...[r.sequence, r.timestamp, r.serviceId, r.action, r.certificateId, r.clientIp],
        ...[r.clientCertFingerprint, r.status, r.details, r.requestId, r.previousHash, r.hash],
      );
      head = r;
    }
  }
  db.prepare('update audit_head set sequence = ?, hash = ?').run(head.sequence, head.hash);
}

/** The columns of a table and what goes into them: the given SQL, or else the template's value. */
function columnsOf(db: DatabaseSync, table: string, own: Readonly<Record<string, string>>) {
  const names = db
    .prepare(`select name from pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => `${name}`);
  return { names: `(${names.join(', ')})`, values: names.map((name) => own[name] ?? `t.${name}`).join(', ') };
}

function randomHex(octets: number): string {
  return `lower(hex(randomblob(${octets})))`;
}
