import { isIssued } from '../issued.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { expireCertificates, overdueColumns } from './expire-certificates.ts';

export interface ExpireDueInput {
  readonly now: number;
  /** At most so many certificates and idempotency keys; call again while `expired` reaches it. */
  readonly limit: number;
}

export interface ExpireDueOutput {
  /** How many certificates were marked. */
  readonly expired: number;
}

/** Marks the certificates whose time is over and forgets idempotency keys that have run out. */
export async function expireDue(tx: LedgerTransaction, input: ExpireDueInput): Promise<ExpireDueOutput> {
  const overdue = await overdueCertificates.all(tx.db, input);
  await expireCertificates(tx, overdue, input.now);
  for (const key of await overdueKeys.all(tx.db, input)) await forgetKey.run(tx.db, key);
  return { expired: overdue.length };
}

const overdueCertificates = prepared((db, p: ExpireDueInput) =>
  db
    .selectFrom('certificates')
    .select(overdueColumns)
    .where(isIssued)
    .where('status', '=', 'active')
    .where('not_after', '<', p.now)
    .orderBy('not_after')
    .limit(p.limit),
);

const overdueKeys = prepared((db, p: ExpireDueInput) =>
  db
    .selectFrom('idempotency_keys')
    .select(['service_id as serviceId', 'idempotency_key as key'])
    .where('expires_at', '<=', p.now)
    .orderBy('expires_at')
    .limit(p.limit),
);

const forgetKey = prepared((db, p: { serviceId: string; key: string }) =>
  db.deleteFrom('idempotency_keys').where('service_id', '=', p.serviceId).where('idempotency_key', '=', p.key),
);
