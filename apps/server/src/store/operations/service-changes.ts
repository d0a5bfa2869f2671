import type { ServiceEvent, ServiceStatus } from '@vcc-pki/api';
import { serviceChange } from '../ledger/refresh-services.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

/** How a service stands after a change. */
export interface ChangedService {
  readonly serviceId: string;
  readonly revision: number;
  readonly status: ServiceStatus;
}

/** Tells the readers of the change feed that a service is no longer what they know. */
export function tellServiceChange(
  tx: LedgerTransaction,
  service: ChangedService,
  what: { readonly change: ServiceEvent['change']; readonly at: number },
): void {
  tx.publish(serviceChange(service, what));
}

/** A change of a service's state. */
export interface StatusChange {
  readonly serviceId: string;
  /** Null: it was not registered before. */
  readonly from: ServiceStatus | null;
  readonly to: ServiceStatus;
  readonly at: number;
  /** What was seen, or who did it. */
  readonly detail: string;
  /** How long the check took; null when it was none. */
  readonly durationMs: number | null;
}

/** Of each service; so many changes tell how the last weeks were. */
const keptChanges = 100;

/** Keeps the history of a service and the number of services in each state; the row itself is the caller's. */
export async function recordStatusChange(tx: LedgerTransaction, change: StatusChange): Promise<void> {
  const { serviceId, from, to } = change;
  await addToCount.run(tx.db, { status: to, change: 1 });
  if (from === null) return;
  await addToCount.run(tx.db, { status: from, change: -1 });
  const number = ((await newestNumber.first(tx.db, { serviceId }))?.number ?? 0) + 1;
  await insertChange.run(tx.db, { ...change, from, number });
  await forgetChanges.run(tx.db, { serviceId, upTo: number - keptChanges });
}

const addToCount = prepared((db, p: { status: ServiceStatus; change: number }) =>
  db
    .insertInto('service_counts')
    .values({ status: p.status, count: p.change })
    .onConflict((conflict) =>
      conflict
        .column('status')
        .doUpdateSet((eb) => ({ count: eb('service_counts.count', '+', eb.ref('excluded.count')) })),
    ),
);

const newestNumber = prepared((db, p: { serviceId: string }) =>
  db
    .selectFrom('health_changes')
    .select('number')
    .where('service_id', '=', p.serviceId)
    .orderBy('number', 'desc')
    .limit(1),
);

const insertChange = prepared((db, p: StatusChange & { from: ServiceStatus; number: number }) =>
  db.insertInto('health_changes').values({
    service_id: p.serviceId,
    number: p.number,
    changed_at: p.at,
    status: p.to,
    previous_status: p.from,
    detail: p.detail,
    duration_ms: p.durationMs,
  }),
);

const forgetChanges = prepared((db, p: { serviceId: string; upTo: number }) =>
  db.deleteFrom('health_changes').where('service_id', '=', p.serviceId).where('number', '<=', p.upTo),
);
