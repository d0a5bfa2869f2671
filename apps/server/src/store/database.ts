import type { AuditHeadTable, AuditLogTable } from './tables/audit.ts';
import type {
  BlockedKeysTable,
  CertificateCountsTable,
  CertificateNamesTable,
  CertificatesTable,
  EnrolmentTokensTable,
  IdempotencyKeysTable,
  IssuersTable,
  RateLimitsTable,
} from './tables/certificates.ts';
import type { ChangesTable, LeasesTable } from './tables/cluster.ts';
import type { KekGroupEpochsTable, KekGroupMembersTable, KekGroupsTable } from './tables/kek-groups.ts';
import type {
  KekConsumersTable,
  KekGrantsTable,
  KekHoldersTable,
  KekLinesTable,
  KekLogTable,
  KekVersionsTable,
} from './tables/keks.ts';
import type { HealthChangesTable, ServiceCountsTable, ServicesTable } from './tables/registry.ts';
import type { CrlLeasesTable, CrlTable, PublishedCrlPartsTable, PublishedCrlsTable } from './tables/revocation.ts';
import type {
  RotationNoticesTable,
  RotationRulesTable,
  RotationScheduleTable,
  ServedCertificatesTable,
} from './tables/rotation.ts';
import type {
  OutboxEventsTable,
  WebhookDeliveriesTable,
  WebhookEventTypesTable,
  WebhooksTable,
} from './tables/webhooks.ts';

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
