import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { serviceRow } from '../queries/services.ts';
import type { ServiceRecord } from '../service-record.ts';
import { recordStatusChange, tellServiceChange } from './service-changes.ts';
import { isSameEntry, type ServiceEntry, type ServiceState, stateOf, writeService } from './write-service.ts';

export interface UpdateServiceInput {
  readonly serviceId: string;
  /** What is absent stays. */
  readonly changes: Partial<ServiceEntry>;
  /** The revision that the change is made to; any when absent. */
  readonly revision?: number | undefined;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Changes the entry of a service.
 *
 * @throws PkiError `notFound` for one that never registered, `preconditionFailed` when it has another revision by now,
 *   `conflict` for one that is retired.
 */
export async function updateService(tx: LedgerTransaction, input: UpdateServiceInput): Promise<ServiceRecord> {
  const { serviceId, changes, now } = input;
  const before = await registeredService(tx, input);
  if (before.status === 'retired') throw new PkiError('conflict', `${serviceId} is retired; register it again.`);
  const changed = { ...stateOf(before), ...changes };
  if (isSameEntry(before, changed)) return before;
  const state = await withoutChecks(tx, before, changed, now);
  const service = await writeService(tx, { serviceId, state, now });
  tellServiceChange(tx, service, { change: 'updated', at: now });
  tx.audit(input.audit);
  return service;
}

/** @throws PkiError `notFound`, `preconditionFailed` */
export async function registeredService(
  tx: LedgerTransaction,
  { serviceId, revision }: { readonly serviceId: string; readonly revision?: number | undefined },
): Promise<ServiceRecord> {
  const service = await serviceRow.first(tx.db, { serviceId });
  if (service === undefined || service.registeredAt === null) {
    throw new PkiError('notFound', `${serviceId} is not registered.`);
  }
  if (revision !== undefined && revision !== service.revision) {
    throw new PkiError('preconditionFailed', `${serviceId} has the revision ${service.revision} by now.`);
  }
  return service;
}

/** A service whose health is no longer checked cannot stay down for ever. */
export async function withoutChecks(
  tx: LedgerTransaction,
  before: ServiceRecord,
  state: ServiceState,
  now: number,
): Promise<ServiceState> {
  const { serviceId, status } = before;
  if (state.healthCheckUrl !== null || (status !== 'degraded' && status !== 'down')) return state;
  const detail = 'its health is no longer checked';
  await recordStatusChange(tx, { serviceId, from: status, to: 'active', at: now, detail, durationMs: null });
  return { ...state, status: 'active', statusSince: now };
}
