import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { knownService, servedRows, unprovenOfService } from '../queries/served-certificates.ts';

export interface RecordServedInput {
  readonly serviceId: string;
  readonly endpoints: readonly ServedReport[];
  readonly now: number;
  readonly audit: AuditEvent;
}

export interface ServedReport {
  readonly endpoint: string;
  /** Null: the endpoint is to be forgotten. */
  readonly servedFingerprint: string | null;
  readonly checkedAt: number;
}

/** So many endpoints of a service are remembered. */
const maxEndpoints = 64;

/**
 * Remembers what endpoints serve. A renewal is proven by it when one of them serves the new certificate and none the one
 * before; what it replaced is then out of use, and archived.
 *
 * @throws PkiError `notFound` for an unknown service; `malformed` when there would be too many endpoints.
 */
export async function recordServed(tx: LedgerTransaction, input: RecordServedInput): Promise<void> {
  const { serviceId, now } = input;
  if ((await knownService.first(tx.db, input)) === undefined) {
    throw new PkiError('notFound', `There is no service ${serviceId}.`);
  }
  for (const report of input.endpoints) await recordEndpoint(tx, { ...report, serviceId, now });
  const served = await servedRows.all(tx.db, input);
  if (served.length > maxEndpoints) {
    throw new PkiError('malformed', `At most ${maxEndpoints} endpoints of a service are remembered.`, {
      field: 'endpoints',
    });
  }
  const seen = new Set(served.map(({ servedFingerprint }) => servedFingerprint));
  const seenIds = new Set(served.map(({ certificateId }) => certificateId));
  for (const { certificateId, fingerprint, replaces } of await unprovenOfService(tx.db, serviceId)) {
    if (fingerprint === null || !seen.has(fingerprint) || seenIds.has(replaces)) continue;
    await prove.run(tx.db, { certificateId, now });
    if (replaces !== null) await archive.run(tx.db, { certificateId: replaces });
  }
  tx.audit(input.audit);
}

type EndpointRow = ServedReport & { readonly serviceId: string; readonly now: number };

async function recordEndpoint(tx: LedgerTransaction, report: EndpointRow): Promise<void> {
  const { servedFingerprint } = report;
  if (servedFingerprint === null) await forget.run(tx.db, report);
  else await remember.run(tx.db, { ...report, servedFingerprint });
}

const remember = prepared((db, p: EndpointRow & { servedFingerprint: string }) =>
  db
    .insertInto('served_certificates')
    .values({
      service_id: p.serviceId,
      endpoint: p.endpoint,
      served_fingerprint: p.servedFingerprint,
      checked_at: p.checkedAt,
      reported_at: p.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['service_id', 'endpoint']).doUpdateSet((eb) => ({
        served_fingerprint: eb.ref('excluded.served_fingerprint'),
        checked_at: eb.ref('excluded.checked_at'),
        reported_at: eb.ref('excluded.reported_at'),
      })),
    ),
);

const forget = prepared((db, p: EndpointRow) =>
  db.deleteFrom('served_certificates').where('service_id', '=', p.serviceId).where('endpoint', '=', p.endpoint),
);

const prove = prepared((db, p: { certificateId: string; now: number }) =>
  db
    .updateTable('rotation_schedule')
    .set({ proof: 'given', proven_at: p.now })
    .where('certificate_id', '=', p.certificateId),
);

const archive = prepared((db, p: { certificateId: string }) =>
  db
    .updateTable('rotation_schedule')
    .set({ status: 'archived' })
    .where('certificate_id', '=', p.certificateId)
    .where('status', '=', 'completed'),
);
