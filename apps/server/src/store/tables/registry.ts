import type { ServiceStatus } from '@vcc-pki/api';
import type { Generated } from 'kysely';

/** Who holds certificates or is registered; a row is made with the first of both. */
export interface ServicesTable {
  service_id: string;
  service_name: string;
  service_type: string | null;
  /** JSON array of URLs. */
  endpoints: Generated<string>;
  health_check_url: string | null;
  auto_renew: Generated<number>;
  status: Generated<ServiceStatus>;
  status_since: number | null;
  /** Its newest certificate that is good; kept by the operations that issue, revoke and expire. */
  certificate_id: string | null;
  certificate_expiry: number | null;
  /** Null: it holds certificates, and has never registered. */
  registered_at: number | null;
  retired_by: string | null;
  created_at: number;
  updated_at: number;
  last_seen: number | null;
  /** Counts the changes of what is registered, from 1. */
  revision: Generated<number>;
  /** Certificates that count against the quota: intents and active ones, overdue ones until they are swept. */
  active_certificates: Generated<number>;
  /** Theoretical arrival time of the certificate rate limit, see gcra.ts. */
  rate_tat_ms: Generated<number>;
}

/** Registered services by status, kept with every change so that metrics never count rows. */
export interface ServiceCountsTable {
  status: ServiceStatus;
  count: number;
}

/** How the state of services has changed; the newest of each service are kept. */
export interface HealthChangesTable {
  service_id: string;
  /** Counts the changes of one service, from 1. */
  number: number;
  changed_at: number;
  status: ServiceStatus;
  previous_status: ServiceStatus;
  detail: string;
  duration_ms: number | null;
}
