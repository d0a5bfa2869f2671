import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { serviceRow } from '../queries/services.ts';
import type { ServiceRecord } from '../service-record.ts';
import { recordService } from './reserve-certificate.ts';
import { recordStatusChange, tellServiceChange } from './service-changes.ts';
import { withoutChecks } from './update-service.ts';
import { isSameEntry, type ServiceEntry, stateOf, writeService } from './write-service.ts';

export interface RegisterServiceInput extends ServiceEntry {
  readonly serviceId: string;
  /** Whether an administrator asks: one alone can bring back what one has retired. */
  readonly byAdmin: boolean;
  readonly now: number;
  readonly audit: AuditEvent;
}

export interface RegisterServiceOutput {
  readonly service: ServiceRecord;
  /** `registered`: for the first time, or again after it was retired. `unchanged`: nothing was written. */
  readonly outcome: 'registered' | 'updated' | 'unchanged';
}

/**
 * Puts a service into the registry, or the new state of what it says of itself.
 *
 * @throws PkiError `conflict` when an administrator has retired it and none asks.
 */
export async function registerService(
  tx: LedgerTransaction,
  input: RegisterServiceInput,
): Promise<RegisterServiceOutput> {
  const { serviceId, byAdmin, now, audit } = input;
  const before = await serviceRow.first(tx.db, { serviceId });
  const isRetired = before?.status === 'retired';
  if (isRetired && !byAdmin && before.retiredBy !== serviceId) {
    throw new PkiError('conflict', `An administrator has retired ${serviceId}; one has to register it again.`);
  }
  if (before === undefined || before.registeredAt === null || isRetired) {
    return { service: await enter(tx, before, input), outcome: 'registered' };
  }
  if (isSameEntry(before, input)) return { service: before, outcome: 'unchanged' };
  const state = await withoutChecks(tx, before, { ...stateOf(before), ...entryOf(input) }, now);
  const service = await writeService(tx, { serviceId, state, now });
  tellServiceChange(tx, service, { change: 'updated', at: now });
  tx.audit(audit);
  return { service, outcome: 'updated' };
}

/** The first time, or again. */
async function enter(
  tx: LedgerTransaction,
  before: ServiceRecord | undefined,
  input: RegisterServiceInput,
): Promise<ServiceRecord> {
  const { serviceId, now, audit } = input;
  await recordService(tx, serviceId, now);
  const state = {
    ...entryOf(input),
    status: 'active' as const,
    statusSince: now,
    registeredAt: before?.registeredAt ?? now,
    retiredBy: null,
  };
  const service = await writeService(tx, { serviceId, state, now });
  const from = before?.status === 'retired' ? 'retired' : null;
  const detail = `registered by ${audit.serviceId}`;
  await recordStatusChange(tx, { serviceId, from, to: 'active', at: now, detail, durationMs: null });
  tellServiceChange(tx, service, { change: 'registered', at: now });
  const { serviceName: service_name, serviceType: service_type, endpoints } = input;
  const data = { service_id: serviceId, service_name, service_type, endpoints: [...endpoints] };
  tx.emit({ type: 'service.registered', subject: serviceId, at: now, data });
  tx.audit(audit);
  return service;
}

function entryOf({ serviceName, serviceType, endpoints, healthCheckUrl, autoRenew }: ServiceEntry): ServiceEntry {
  return { serviceName, serviceType, endpoints, healthCheckUrl, autoRenew };
}
