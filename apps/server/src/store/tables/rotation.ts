import type { Generated } from 'kysely';

/**
 * `pending`: to be renewed by its holder. `completed`: renewed, and still valid. `archived`: renewed and out of use, or
 * revoked. `failed`: it expired and nothing had renewed it.
 */
export type RotationStatus = 'pending' | 'completed' | 'failed' | 'archived';

/** How far the server has raised its voice about a pending row. */
export type RotationStage = 'quiet' | 'reminder' | 'overdue' | 'alert';

/** `none`: nothing to prove, or not any more. `wanted`: a renewal that nobody has seen served yet. `given`: seen. */
export type RotationProof = 'none' | 'wanted' | 'given';

/** When each certificate is to be renewed and how that goes; a row is made in the commit that records the certificate. */
export interface RotationScheduleTable {
  certificate_id: string;
  service_id: string;
  /** Start of the renewal window. */
  scheduled_renewal_date: number;
  /** End of the renewal window: overdue from then on. */
  window_end: number;
  /** 1 when the service was notified. */
  notification_sent: Generated<number>;
  last_check: number | null;
  status: RotationStatus;
  stage: RotationStage;
  /** How often it was said that it is overdue. */
  reminders: Generated<number>;
  /** When the scheduler is to look at it next; null: not any more. */
  due_at: number | null;
  proof: RotationProof;
  proven_at: number | null;
}

/** One row: the rules that the schedule was made by. */
export interface RotationRulesTable {
  id: number;
  rules: string;
}

/** What was told once and is not to be told again. */
export interface RotationNoticesTable {
  notice: string;
  told_at: number;
}

/** Which certificate an endpoint of a service was last seen to serve. */
export interface ServedCertificatesTable {
  service_id: string;
  endpoint: string;
  /** SHA-256 of the certificate. */
  served_fingerprint: string;
  checked_at: number;
  reported_at: number;
}
