import type { ServiceStatus } from '@vcc-pki/api';
import { currentCertificate } from '../current-certificate.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { type ServiceRecord, serviceColumns } from '../service-record.ts';

/** What a service says of itself. */
export interface ServiceEntry {
  readonly serviceName: string;
  readonly serviceType: string | null;
  readonly endpoints: readonly string[];
  readonly healthCheckUrl: string | null;
  readonly autoRenew: boolean;
}

/** All of a service's row that operations of the registry write. */
export interface ServiceState extends ServiceEntry {
  readonly status: ServiceStatus;
  readonly statusSince: number;
  readonly registeredAt: number;
  readonly retiredBy: string | null;
}

/** The state that a registered service is in, to be changed and written back. */
export function stateOf(service: ServiceRecord): ServiceState {
  const { registeredAt, updatedAt } = service;
  return {
    ...service,
    endpoints: JSON.parse(service.endpoints) as string[],
    autoRenew: service.autoRenew === 1,
    statusSince: service.statusSince ?? updatedAt,
    registeredAt: registeredAt ?? updatedAt,
  };
}

/** Tells whether a service says of itself what it said before. */
export function isSameEntry(before: ServiceRecord, { endpoints, ...entry }: ServiceEntry): boolean {
  return (
    before.serviceName === entry.serviceName &&
    before.serviceType === entry.serviceType &&
    before.endpoints === JSON.stringify(endpoints) &&
    before.healthCheckUrl === entry.healthCheckUrl &&
    before.autoRenew === Number(entry.autoRenew)
  );
}

/** Writes the row of a service that has one, with its current certificate, as the next revision. */
export async function writeService(
  tx: LedgerTransaction,
  { serviceId, state, now }: { readonly serviceId: string; readonly state: ServiceState; readonly now: number },
): Promise<ServiceRecord> {
  const row = { ...state, serviceId, now, endpoints: JSON.stringify(state.endpoints) };
  const written = await update.first(tx.db, { ...row, autoRenew: Number(state.autoRenew) });
  if (written === undefined) throw new Error(`The service ${serviceId} vanished from its own transaction.`);
  return written;
}

type ServiceRow = Omit<ServiceState, 'endpoints' | 'autoRenew'> & {
  readonly serviceId: string;
  readonly endpoints: string;
  readonly autoRenew: number;
  readonly now: number;
};

const update = prepared((db, p: ServiceRow) =>
  db
    .updateTable('services')
    .set((eb) => ({
      service_name: p.serviceName,
      service_type: p.serviceType,
      endpoints: p.endpoints,
      health_check_url: p.healthCheckUrl,
      auto_renew: p.autoRenew,
      status: p.status,
      status_since: p.statusSince,
      registered_at: p.registeredAt,
      retired_by: p.retiredBy,
      certificate_id: currentCertificate(eb, p.now).select('certificates.certificate_id'),
      certificate_expiry: currentCertificate(eb, p.now).select('certificates.not_after'),
      updated_at: p.now,
      revision: eb('revision', '+', 1),
    }))
    .where('service_id', '=', p.serviceId)
    .returning(serviceColumns),
);
