import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { CertificatesTable } from '../tables/certificates.ts';
import type { RotationStatus } from '../tables/rotation.ts';
import { timestamp } from '../timestamp.ts';

/** What has to be known of an active certificate whose time is over. */
export const overdueColumns = [
  'certificate_id',
  'service_id',
  'common_name',
  'serial_number',
  'not_after',
  'replaced_by',
] as const;

type OverdueCertificate = Pick<CertificatesTable, (typeof overdueColumns)[number]>;

/** Marks active certificates as expired and gives their places in the quotas back. */
export async function expireCertificates(
  tx: LedgerTransaction,
  overdue: readonly OverdueCertificate[],
  now: number,
): Promise<void> {
  for (const certificate of overdue) {
    await markExpired.run(tx.db, { certificateId: certificate.certificate_id });
    await endRotation.run(tx.db, { certificateId: certificate.certificate_id, pendingBecomes: 'failed' });
    tx.count('active', certificate.not_after, -1);
    tx.count('expired', certificate.not_after, 1);
    tx.emit({
      type: 'certificate.expired',
      subject: certificate.certificate_id,
      at: certificate.not_after,
      data: { ...certificate, not_after: timestamp(certificate.not_after) },
    });
  }
  const byService = Map.groupBy(overdue, ({ service_id }) => service_id);
  for (const [serviceId, { length }] of byService) {
    await releasePlaces.run(tx.db, { serviceId, places: length });
    tx.refresh(serviceId, now);
  }
}

/** Gives places in a service's quota back. */
export const releasePlaces = prepared((db, p: { serviceId: string; places: number }) =>
  db
    .updateTable('services')
    .set((eb) => ({ active_certificates: eb('active_certificates', '-', p.places) }))
    .where('service_id', '=', p.serviceId),
);

const markExpired = prepared((db, p: { certificateId: string }) =>
  db.updateTable('certificates').set({ status: 'expired' }).where('certificate_id', '=', p.certificateId),
);

/** A certificate is out of use: what had been renewed is archived. */
export const endRotation = prepared((db, p: { certificateId: string; pendingBecomes: 'failed' | 'archived' }) =>
  db
    .updateTable('rotation_schedule')
    .set((eb) => ({
      status: eb
        .case()
        .when('status', '=', 'pending')
        .then(p.pendingBecomes)
        .else('archived')
        .end()
        .$castTo<RotationStatus>(),
      due_at: null,
      proof: 'none',
    }))
    .where('certificate_id', '=', p.certificateId)
    .where('status', 'in', ['pending', 'completed']),
);
