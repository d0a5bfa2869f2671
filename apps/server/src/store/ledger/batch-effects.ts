import type { PkiEvent } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import { type AuditEvent, type AuditHead, chainRecords, toAuditRecord } from '../../audit/index.ts';
import type { Database } from '../database.ts';
import { preparedInsert } from '../prepared-insert.ts';
import { prepared } from '../prepared-query.ts';
import { insertRotations, type NewRotation, toRotationRow } from '../rotation-entry.ts';
import type { CertificateCountsTable, CertificateStatus } from '../tables/certificates.ts';
import { refreshServices } from './refresh-services.ts';
import type { Change, FiledNames } from './transaction.ts';
import { writeChanges } from './write-changes.ts';
import { writeOutbox } from './write-outbox.ts';

const dayMs = 86_400_000;

/**
 * What operations collect and the end of the batch writes: audit entries, events, names for the lists, renewals to come,
 * changes for the feed, changed counts.
 */
export class BatchEffects {
  readonly #events: AuditEvent[] = [];
  readonly #emitted: PkiEvent[] = [];
  readonly #names: FiledNames[] = [];
  readonly #rotations: NewRotation[] = [];
  readonly #changes: Change[] = [];
  readonly #services = new Set<string>();
  #latest = 0;
  readonly #counts = new Map<string, CertificateCountsTable>();

  audit(event: AuditEvent): void {
    this.#events.push(event);
  }

  emit(event: PkiEvent): void {
    this.#emitted.push(event);
  }

  file(names: FiledNames): void {
    this.#names.push(names);
  }

  schedule(rotation: NewRotation): void {
    this.#rotations.push(rotation);
  }

  publish(change: Change): void {
    this.#changes.push(change);
  }

  refresh(serviceId: string, now: number): void {
    this.#services.add(serviceId);
    this.#latest = Math.max(this.#latest, now);
  }

  count(status: CertificateStatus, notAfter: number, change: number): void {
    this.#add({ status, expiry_day: Math.floor(notAfter / dayMs), count: change });
  }

  /** Takes over the effects of an operation that succeeded. */
  merge(other: BatchEffects): void {
    this.#events.push(...other.#events);
    this.#emitted.push(...other.#emitted);
    this.#names.push(...other.#names);
    this.#rotations.push(...other.#rotations);
    this.#changes.push(...other.#changes);
    for (const serviceId of other.#services) this.refresh(serviceId, other.#latest);
    for (const change of other.#counts.values()) this.#add(change);
  }

  /**
   * Writes the audit entries behind the head, the events for subscribers, the names, the renewals to come, the current certificates
   * of services, the changes for the feed, and one row per changed count.
   */
  async write(db: Kysely<Database>, head: AuditHead): Promise<void> {
    await this.#writeEvents(db, head);
    await writeOutbox(db, this.#emitted);
    await insertNames(db, this.#names.flatMap(toNameRows));
    await insertRotations(db, this.#rotations.map(toRotationRow));
    const refreshed = await refreshServices(db, { serviceIds: [...this.#services], now: this.#latest });
    await writeChanges(db, [...this.#changes, ...refreshed]);
    for (const change of this.#counts.values()) if (change.count !== 0) await addToCount.run(db, change);
  }

  async #writeEvents(db: Kysely<Database>, head: AuditHead): Promise<void> {
    const rows = chainRecords(head, this.#events.map(toAuditRecord));
    const last = rows.at(-1);
    if (last === undefined) return;
    await insertAuditRows(
      db,
      rows.map((row) => ({
        id: row.sequence,
        timestamp: row.timestamp,
        service_id: row.serviceId,
        action: row.action,
        certificate_id: row.certificateId,
        client_ip: row.clientIp,
        client_cert_fingerprint: row.clientCertFingerprint,
        status: row.status,
        details: row.details,
        request_id: row.requestId,
        previous_hash: row.previousHash,
        hash: row.hash,
      })),
    );
    await moveHead.run(db, last);
  }

  #add(change: CertificateCountsTable): void {
    const key = `${change.status} ${change.expiry_day}`;
    const count = (this.#counts.get(key)?.count ?? 0) + change.count;
    this.#counts.set(key, { ...change, count });
  }
}

const insertAuditRows = preparedInsert('audit_log', [
  'id',
  'timestamp',
  'service_id',
  'action',
  'certificate_id',
  'client_ip',
  'client_cert_fingerprint',
  'status',
  'details',
  'request_id',
  'previous_hash',
  'hash',
]);

const insertNames = preparedInsert('certificate_names', ['name', 'created_at', 'certificate_id']);

function toNameRows({ certificateId, names, createdAt }: FiledNames) {
  const distinct = new Set(names.map((name) => name.toLowerCase()));
  return [...distinct].map((name) => ({ name, created_at: createdAt, certificate_id: certificateId }));
}

const moveHead = prepared((db, p: AuditHead) =>
  db.updateTable('audit_head').set({ sequence: p.sequence, hash: p.hash }).where('id', '=', 1),
);

const addToCount = prepared((db, p: CertificateCountsTable) =>
  db
    .insertInto('certificate_counts')
    .values({ status: p.status, expiry_day: p.expiry_day, count: p.count })
    .onConflict((conflict) =>
      conflict
        .columns(['status', 'expiry_day'])
        .doUpdateSet((eb) => ({ count: eb('certificate_counts.count', '+', eb.ref('excluded.count')) })),
    ),
);
