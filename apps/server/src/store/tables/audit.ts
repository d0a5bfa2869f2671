import type { AuditStatus } from '../../audit/index.ts';

export interface AuditLogTable {
  /** The place in the chain, from 1, without gaps. */
  id: number;
  timestamp: number;
  service_id: string | null;
  action: string;
  certificate_id: string | null;
  client_ip: string | null;
  client_cert_fingerprint: string | null;
  status: AuditStatus;
  /** Canonical JSON. */
  details: string;
  request_id: string | null;
  previous_hash: string;
  hash: string;
}

/** One row: where the chain ends. In PostgreSQL its lock is what serialises the writers of a cluster. */
export interface AuditHeadTable {
  id: number;
  sequence: number;
  hash: string;
}
