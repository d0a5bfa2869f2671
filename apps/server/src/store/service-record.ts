import type { ServiceStatus } from '@vcc-pki/api';

/** A service as the registry knows it. Times are milliseconds since the epoch. */
export interface ServiceRecord {
  readonly serviceId: string;
  readonly serviceName: string;
  readonly serviceType: string | null;
  /** JSON array of URLs. */
  readonly endpoints: string;
  readonly healthCheckUrl: string | null;
  /** 0 or 1. */
  readonly autoRenew: number;
  readonly status: ServiceStatus;
  readonly statusSince: number | null;
  /** Its newest certificate that is good. */
  readonly certificateId: string | null;
  readonly certificateExpiry: number | null;
  /** Null: it holds certificates, and has never registered. */
  readonly registeredAt: number | null;
  /** Who has retired it, a service_id; null while it is not retired. */
  readonly retiredBy: string | null;
  readonly updatedAt: number;
  readonly lastSeen: number | null;
  readonly revision: number;
}

/** What to select from `services` for a {@link ServiceRecord}. */
export const serviceColumns = [
  'services.service_id as serviceId',
  'services.service_name as serviceName',
  'services.service_type as serviceType',
  'services.endpoints as endpoints',
  'services.health_check_url as healthCheckUrl',
  'services.auto_renew as autoRenew',
  'services.status as status',
  'services.status_since as statusSince',
  'services.certificate_id as certificateId',
  'services.certificate_expiry as certificateExpiry',
  'services.registered_at as registeredAt',
  'services.retired_by as retiredBy',
  'services.updated_at as updatedAt',
  'services.last_seen as lastSeen',
  'services.revision as revision',
] as const;
