import type { EventType, KekKem, KekState, ServiceStatus } from '@vcc-pki/api';
import type { Generated } from 'kysely';
import type { AuditStatus } from '../audit/index.ts';
import type { KekGroupEpochsTable, KekGroupMembersTable, KekGroupsTable } from './kek-group-tables.ts';

/**
 * The tables of the ledger, as both SQLite and PostgreSQL hold them. Times are integer milliseconds since the
 * epoch, hashes and serial numbers lower-case hex, JSON is text, truth is 0 or 1.
 */
export interface Database {
  services: ServicesTable;
  issuers: IssuersTable;
  certificates: CertificatesTable;
  certificate_names: CertificateNamesTable;
  crl: CrlTable;
  published_crls: PublishedCrlsTable;
  published_crl_parts: PublishedCrlPartsTable;
  crl_leases: CrlLeasesTable;
  leases: LeasesTable;
  service_counts: ServiceCountsTable;
  health_changes: HealthChangesTable;
  changes: ChangesTable;
  blocked_keys: BlockedKeysTable;
  idempotency_keys: IdempotencyKeysTable;
  audit_log: AuditLogTable;
  audit_head: AuditHeadTable;
  enrolment_tokens: EnrolmentTokensTable;
  rate_limits: RateLimitsTable;
  certificate_counts: CertificateCountsTable;
  rotation_schedule: RotationScheduleTable;
  rotation_rules: RotationRulesTable;
  rotation_notices: RotationNoticesTable;
  served_certificates: ServedCertificatesTable;
  webhooks: WebhooksTable;
  webhook_event_types: WebhookEventTypesTable;
  outbox_events: OutboxEventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  kek_lines: KekLinesTable;
  kek_versions: KekVersionsTable;
  kek_log: KekLogTable;
  kek_grants: KekGrantsTable;
  kek_consumers: KekConsumersTable;
  kek_holders: KekHoldersTable;
  kek_groups: KekGroupsTable;
  kek_group_epochs: KekGroupEpochsTable;
  kek_group_members: KekGroupMembersTable;
}

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

/** The CAs that issued what is recorded here. */
export interface IssuersTable {
  /** Hex of the subject key identifier (RFC 5280 s4.2.1.2). */
  issuer_id: string;
  subject: string;
  certificate_pem: string;
  role: IssuerRole;
  serial_number: string;
  fingerprint_sha256: string;
  not_before: number;
  not_after: number;
  parent_issuer_id: string | null;
  /** Into how many shards its CRL is divided; null: not settled yet (a ledger of an older server), or never (root). */
  crl_shards: number | null;
}

/** A CA signs itself (`root`) or was signed by another (`intermediate`). */
export type IssuerRole = 'root' | 'intermediate';

/**
 * `intent`: about to be signed. `active`: issued; past its notAfter it IS expired, swept or not. `expired`: swept.
 * `revoked`: listed in the CRL. `abandoned`: an intent without a certificate, listed as well.
 */
export type CertificateStatus = 'intent' | 'active' | 'expired' | 'revoked' | 'abandoned';

export interface CertificatesTable {
  certificate_id: string;
  service_id: string;
  issuer_id: string;
  /** The issuer's name as text (RFC 4514), the mission's `issuer`. */
  issuer: string;
  serial_number: string;
  common_name: string;
  /** Null while an intent. */
  fingerprint_sha256: string | null;
  spki_sha256: string;
  key_type: string;
  profile: string;
  not_before: number;
  not_after: number;
  status: CertificateStatus;
  /** What is signed, written before it is; null when it was abandoned. Together with the signature the certificate. */
  tbs_der: Uint8Array | null;
  /** Null while an intent. */
  signature: Uint8Array | null;
  /** JSON object. */
  metadata: string;
  /** The certificate that this one renews. */
  replaces: string | null;
  /** The newest certificate that renewed this one. */
  replaced_by: string | null;
  requester_fingerprint: string | null;
  /** The server process that recorded the intent. */
  instance: string;
  created_at: number;
  issued_at: number | null;
  revoked_at: number | null;
  revocation_reason: string | null;
}

/** The list filter `name`: common name and every SAN value, lower-cased. */
export interface CertificateNamesTable {
  name: string;
  /** The certificate's, so that one index gives a name's certificates in order. */
  created_at: number;
  certificate_id: string;
}

/** What is revoked; CRLs are made from this table alone. */
export interface CrlTable {
  id: Generated<number>;
  certificate_id: string;
  issuer_id: string;
  serial_number: string;
  not_after: number;
  revoked_at: number;
  revocation_reason: string;
  /** The DER of the CRL entry (RFC 5280 s5.1.2.6), made once, at the revocation. */
  entry_der: Uint8Array;
  /** See crl-shard.ts; -1: not settled yet. */
  shard: number;
  /** The entry goes when a CRL made after this time has listed it (RFC 5280 s3.3): its expiry, or a later revocation. */
  listed_until: number;
  /** Counts the changes of the issuer's list, from 1: a CRL that covers a revision has everything up to it. */
  revision: number;
  /** 1: the entry was another one before (a change to keyCompromise). */
  amended: Generated<number>;
}

export interface PublishedCrlsTable {
  issuer_id: string;
  /** `full`, `delta`, or the number of a shard in decimal. */
  scope: string;
  /** The CRL number (RFC 5280 s5.2.3). */
  number: number;
  this_update: number;
  next_update: number;
  sha256: string;
  /** Counts publications of all issuers and scopes, from 1, in the order of their commits. */
  sequence: number;
  /** When it became the newest of its scope; whole seconds, and no two of a scope in the same (HTTP Last-Modified). */
  published_at: number;
  /** Every change of the issuer's list up to this one is in it. */
  revision: number;
  /** How many certificates it lists. */
  entries: number;
  /** When its list was read from the ledger as a whole, and not continued from the CRL before. */
  read_at: number;
  /** Of a delta CRL: the number of the full CRL that it adds to (RFC 5280 s5.2.4). */
  base_number: number | null;
}

/** The DER of published CRLs, in parts, so that a large one never holds up the other writers. */
export interface PublishedCrlPartsTable {
  issuer_id: string;
  scope: string;
  number: number;
  /** From 0. */
  part: number;
  der: Uint8Array;
}

/** Who may publish the next CRL of a scope, and until when. */
export interface CrlLeasesTable {
  issuer_id: string;
  scope: string;
  owner: string;
  leased_until: number;
}

/** Who does a job that is done once in a cluster, and until when. */
export interface LeasesTable {
  name: string;
  owner: string;
  leased_until: number;
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

/** What the change feed tells, in the order of the commits; only the newest are kept. */
export interface ChangesTable {
  /** From 1, without gaps. */
  id: number;
  event: string;
  /** JSON object. */
  data: string;
  created_at: number;
}

/** Public keys that nobody gets a certificate for. */
export interface BlockedKeysTable {
  spki_sha256: string;
  reason: string;
  certificate_id: string | null;
  blocked_at: number;
}

export interface IdempotencyKeysTable {
  service_id: string;
  idempotency_key: string;
  request_sha256: string;
  certificate_id: string;
  created_at: number;
  expires_at: number;
}

/** One-time tokens; the secret itself is nowhere. */
export interface EnrolmentTokensTable {
  token_id: string;
  secret_sha256: string;
  service_id: string;
  /** JSON array of DNS names. */
  dns: string;
  /** JSON array of addresses. */
  ip: string;
  csr_key_sha256: string | null;
  comment: string | null;
  created_at: number;
  created_by: string;
  expires_at: number;
  used_at: number | null;
  /** SHA-256 of the SubjectPublicKeyInfo that it was used for. */
  used_key_sha256: string | null;
  certificate_id: string | null;
  revoked_at: number | null;
}

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

/** Limits that no service owns; the one there is now is `global`. */
export interface RateLimitsTable {
  key: string;
  tat_ms: number;
}

/** Certificates by status and day of expiry, kept with every change so that metrics never count rows. */
export interface CertificateCountsTable {
  status: CertificateStatus;
  /** Days since the epoch of the notAfter. */
  expiry_day: number;
  count: number;
}

/** Who wants to be told. A webhook that was deleted keeps its row, for the history of its deliveries. */
export interface WebhooksTable {
  webhook_id: string;
  url: string;
  description: string;
  /** Signs what is delivered; encrypted, see webhooks/secret-box.ts. */
  secret: string;
  status: 'active' | 'deleted';
  created_at: number;
  updated_at: number;
}

/** Which events an active webhook wants; a row per type, so that emitting looks one type up. */
export interface WebhookEventTypesTable {
  event_type: EventType;
  webhook_id: string;
}

/** Events that somebody wants, each once, written in the commit of what they tell of. */
export interface OutboxEventsTable {
  /** `evt_` and a random part; what receivers know a repetition by. */
  event_id: string;
  event_type: EventType;
  subject: string;
  occurred_at: number;
  /** Canonical JSON. */
  data: string;
}

/** `pending`: to be delivered at `due_at`. `dead`: given up, until somebody replays it. */
export type DeliveryStatus = 'pending' | 'delivered' | 'dead';

/** One event on its way to one webhook. */
export interface WebhookDeliveriesTable {
  id: Generated<number>;
  webhook_id: string;
  event_id: string;
  status: DeliveryStatus;
  /** Not before; of a delivery that is no longer pending what it was last. */
  due_at: number;
  /** How often it was tried. */
  attempts: Generated<number>;
  /** Of the last try: HTTP status, if there was one. */
  last_status: number | null;
  /** Of the last try: what went wrong. */
  last_error: string | null;
  created_at: number;
  /** When it was delivered, or given up. */
  settled_at: number | null;
}

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

/** Lines of key-encryption keys. */
export interface KekLinesTable {
  /** Counted up; in headers of ciphertexts. */
  line_id: number;
  name: string;
  kem: KekKem;
  /** Counts the changes of states, from 1. */
  epoch: Generated<number>;
  /** The last version that was given out, be there a key of it or not. */
  last_version: number;
  created_at: number;
}

/** Versions of lines; a destroyed one keeps its row, so that its id is never given again. */
export interface KekVersionsTable {
  /** Counted up over all lines: the number in `kek_123`. */
  number: number;
  line_id: number;
  version: number;
  kem: KekKem;
  /** One PRIMARY of each line, by a unique index. */
  state: KekState;
  compromised: Generated<number>;
  /** Whether its certificate is revoked. */
  revoked: Generated<number>;
  certificate_id: string;
  /** Names the key-encryption root under which the seed is sealed. */
  root_id: string;
  /** See keks/seed-vault.ts; null once destroyed. */
  sealed_seed: Uint8Array | null;
  not_before_write: number;
  not_after_write: number;
  /** The epoch at which it was made: who has acknowledged that one has the key. */
  published_epoch: number;
  /** The epoch at which it was last taken back from PRIMARY: scans of an earlier one prove nothing. */
  retired_epoch: number | null;
  created_at: number;
  state_changed_at: number;
}

/** Every change of a state, in the order of the line's epochs. */
export interface KekLogTable {
  line_id: number;
  epoch: number;
  number: number;
  /** Null: it was made. */
  from_state: KekState | null;
  to_state: KekState;
  cause: string;
  forced: number;
  at: number;
}

/** Who may have what of a line, beside what the whitelist says. */
export interface KekGrantsTable {
  service_id: string;
  line_id: number;
  /** Names with commas between: `read,write`. */
  grants: string;
  granted_at: number;
}

/** The processes that use a line. */
export interface KekConsumersTable {
  line_id: number;
  service_id: string;
  instance: string;
  acknowledged_epoch: number;
  poll_interval_ms: number;
  last_seen: number;
}

/** The services that were given a version, and what their scans found. */
export interface KekHoldersTable {
  line_id: number;
  version: number;
  service_id: string;
  /** Whether it had the grant `write` when it was given the version. */
  could_write: number;
  /** Null: no scan yet. */
  records: number | null;
  /** In a row without records, since the version was last taken back from PRIMARY. */
  clean_scans: Generated<number>;
  scanned_at: number | null;
}
