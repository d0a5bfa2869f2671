import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import type { ServiceRecord } from '../service-record.ts';
import { recordStatusChange, tellServiceChange } from './service-changes.ts';
import { registeredService } from './update-service.ts';
import { stateOf, writeService } from './write-service.ts';

export interface RetireServiceInput {
  readonly serviceId: string;
  /** Who retires it, a service_id. */
  readonly retiredBy: string;
  readonly revision?: number | undefined;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Takes a service out of service: it is found no more, and nothing of it is deleted.
 *
 * @throws PkiError `notFound` for one that never registered, `preconditionFailed` when it has another revision by now.
 */
export async function retireService(tx: LedgerTransaction, input: RetireServiceInput): Promise<ServiceRecord> {
  const { serviceId, retiredBy, now, audit } = input;
  const before = await registeredService(tx, input);
  if (before.status === 'retired') return before;
  const state = { ...stateOf(before), status: 'retired' as const, statusSince: now, retiredBy };
  const service = await writeService(tx, { serviceId, state, now });
  const detail = `retired by ${retiredBy}`;
  await recordStatusChange(tx, { serviceId, from: before.status, to: 'retired', at: now, detail, durationMs: null });
  tellServiceChange(tx, service, { change: 'retired', at: now });
  tx.audit(audit);
  return service;
}
