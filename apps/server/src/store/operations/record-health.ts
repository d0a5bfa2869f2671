import type { ServiceStatus } from '@vcc-pki/api';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { timestamp } from '../timestamp.ts';
import { recordStatusChange, tellServiceChange } from './service-changes.ts';

/** What health checks have found out about a service. */
export interface HealthFinding {
  readonly serviceId: string;
  /** The state in which the checks found it; if it is in another by now, nothing happens. */
  readonly from: ServiceStatus;
  readonly to: ServiceStatus;
  readonly at: number;
  readonly detail: string;
  readonly durationMs: number;
}

export interface RecordHealthInput {
  readonly findings: readonly HealthFinding[];
}

/** Records that services are in another state than before. */
export async function recordHealth(tx: LedgerTransaction, { findings }: RecordHealthInput): Promise<void> {
  for (const finding of findings) {
    const changed = await setStatus.first(tx.db, finding);
    if (changed === undefined) continue;
    const { serviceId, from, to, at, detail } = finding;
    await recordStatusChange(tx, finding);
    tellServiceChange(tx, { serviceId, status: to, revision: changed.revision }, { change: 'health', at });
    if (to !== 'degraded' && to !== 'down') continue;
    const data = { service_id: serviceId, status: to, previous_status: from, since: timestamp(at), detail };
    tx.emit({ type: `service.${to}`, subject: serviceId, at, data });
  }
}

const setStatus = prepared((db, p: HealthFinding) =>
  db
    .updateTable('services')
    .set((eb) => ({ status: p.to, status_since: p.at, updated_at: p.at, revision: eb('revision', '+', 1) }))
    .where('service_id', '=', p.serviceId)
    .where('status', '=', p.from)
    .where('registered_at', 'is not', null)
    .returning('revision'),
);
