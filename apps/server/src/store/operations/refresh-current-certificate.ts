import type { ExpressionBuilder } from 'kysely';
import type { Database } from '../database.ts';
import { isIssued } from '../issued.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { tellServiceChange } from './service-changes.ts';

/**
 * Puts the newest good certificate of a service into its entry in the registry; called by every operation that makes one
 * or ends one. Nothing is done for services that never registered, and when it is the same one as before.
 */
export async function refreshCurrentCertificate(
  tx: LedgerTransaction,
  { serviceId, now }: { readonly serviceId: string; readonly now: number },
): Promise<void> {
  const changed = await refresh.first(tx.db, { serviceId, now });
  if (changed !== undefined) tellServiceChange(tx, { serviceId, ...changed }, { change: 'certificate', at: now });
}

type ServiceExpression = ExpressionBuilder<Database, 'services'>;

/** As {@link currentCertificateOfService} finds it. */
export function currentCertificate(eb: ServiceExpression, now: number) {
  return eb
    .selectFrom('certificates')
    .whereRef('certificates.service_id', '=', 'services.service_id')
    .where(isIssued)
    .where('certificates.status', '=', 'active')
    .where('certificates.not_after', '>=', now)
    .orderBy('certificates.created_at', 'desc')
    .orderBy('certificates.certificate_id', 'desc')
    .limit(1);
}

const refresh = prepared((db, p: { serviceId: string; now: number }) =>
  db
    .updateTable('services')
    .set((eb) => ({
      certificate_id: currentCertificate(eb, p.now).select('certificates.certificate_id'),
      certificate_expiry: currentCertificate(eb, p.now).select('certificates.not_after'),
      updated_at: p.now,
      revision: eb('revision', '+', 1),
    }))
    .where('service_id', '=', p.serviceId)
    .where('registered_at', 'is not', null)
    .where((eb) =>
      eb('certificate_id', 'is distinct from', currentCertificate(eb, p.now).select('certificates.certificate_id')),
    )
    .returning(['revision', 'status']),
);
