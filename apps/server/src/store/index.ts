/**
 * The ledger of the CA, on SQLite or PostgreSQL: {@link openStore} opens it, `store.read` with the queries below reads
 * it, `store.ledger.submit` is the one way to write. Nothing here knows HTTP or holds a key.
 *
 * @module
 */
export { certificateDer, certificatePem, issuedDer, issuedPem } from './certificate-octets.ts';
export { type CertificateRecord, effectiveStatus } from './certificate-record.ts';
export { crlShardOf } from './crl-shard.ts';
export type { Database } from './database.ts';
export type { EnrolmentTokenRecord } from './enrolment-token.ts';
export { type KekRecord, kekId, kekNumber, kekProfileName } from './kek-record.ts';
export type { Ledger } from './ledger/ledger.ts';
export { openStore, openStoreReader, prepareStore, type StoreReader } from './open-store.ts';
export type { AbandonIntentInput } from './operations/abandon-intent.ts';
export type { RotationStep } from './operations/advance-rotation.ts';
export type { CreateWebhookInput } from './operations/create-webhook.ts';
export type { ExpireDueInput, ExpireDueOutput } from './operations/expire-due.ts';
export type { OperationInput, OperationName, OperationOutput } from './operations/index.ts';
export type { ChangeKekInput } from './operations/kek/change-kek.ts';
export type { SealedGroupKey } from './operations/kek/create-kek-group.ts';
export { notAMember } from './operations/kek/record-kek-group-delivery.ts';
export type { ReservedKekVersion } from './operations/kek/reserve-kek-version.ts';
export type { PublishCrlInput } from './operations/publish-crl.ts';
export type { RecordCertificateInput } from './operations/record-certificate.ts';
export type { RecordEventInput } from './operations/record-event.ts';
export type { HealthFinding } from './operations/record-health.ts';
export type {
  IdempotencyInput,
  IssuanceLimits,
  RecordIntentInput,
  RecordIntentOutput,
} from './operations/record-intent.ts';
export type { IssuerRecord, RecordIssuerInput, RecordIssuerOutput } from './operations/record-issuer.ts';
export type { RecordRevocationInput, RecordRevocationOutput } from './operations/record-revocation.ts';
export type { RecordServedInput } from './operations/record-served.ts';
export type { RegisterServiceInput, RegisterServiceOutput } from './operations/register-service.ts';
export type { Reschedule } from './operations/reschedule-rotation.ts';
export type { DeliveryResult } from './operations/settle-deliveries.ts';
export type { CrlLease } from './operations/take-crl-lease.ts';
export type { Lease } from './operations/take-lease.ts';
export type { ServiceEntry } from './operations/write-service.ts';
export type { PublishedCrl } from './published-crl.ts';
export { type AuditFilter, type AuditPage, auditChain, auditHead, auditPage } from './queries/audit-log.ts';
export { type BlockedKey, blockedKeys } from './queries/blocked-keys.ts';
export { type CertificateCount, certificateCounts } from './queries/certificate-counts.ts';
export { type SerialStatus, statusOfSerial } from './queries/certificate-status.ts';
export {
  certificateByFingerprint,
  certificateById,
  certificateBySerial,
  certificatesById,
  certificatesBySerial,
  currentCertificateOfService,
} from './queries/certificates.ts';
export { changesSince, type LoggedChange, newestChange, oldestChange } from './queries/changes.ts';
export {
  type CrlEntry,
  crlDer,
  deltaBase,
  entriesSince,
  newestCrl,
  newestRevision,
  publicationsSince,
  type Revocation,
  revocationsSince,
  shardEntries,
  shardEntriesSince,
} from './queries/crls.ts';
export {
  type EnrolmentTokenFilter,
  type EnrolmentTokenPage,
  enrolmentTokenById,
  listEnrolmentTokens,
} from './queries/enrolment-tokens.ts';
export { type HealthChangeRecord, healthChanges } from './queries/health-changes.ts';
export { type IdempotentRequest, idempotentRequest } from './queries/idempotent-request.ts';
export { issuerById, listIssuers } from './queries/issuers.ts';
export {
  type KekGroupName,
  type KekGroupRecord,
  kekGroup,
  kekGroupMember,
  kekGroupMembers,
  listKekGroups,
} from './queries/kek-groups.ts';
export {
  type KekLineRecord,
  kekByCertificate,
  kekByNumber,
  kekConsumers,
  kekGrant,
  kekGrantsOfLine,
  kekGrantsOfService,
  kekHolders,
  kekLineByName,
  kekLog,
  listKeks,
  newestKekRoot,
  primaryKek,
  sealedSeed,
} from './queries/keks.ts';
export { type CertificateFilter, type CertificatePage, listCertificates } from './queries/list-certificates.ts';
export {
  activeCertificatesBehind,
  type DueRotation,
  dueRotations,
  listRenewals,
  type RenewalCounts,
  type RenewalFilter,
  type RenewalPlace,
  type RotationRecord,
  renewalCounts,
  rotationRules,
} from './queries/rotation-schedule.ts';
export { type ServedCertificate, servedOfService, unprovenOfService } from './queries/served-certificates.ts';
export {
  type DiscoveredRecord,
  discoverById,
  discoverServices,
  type HealthTarget,
  healthTargets,
  listServices,
  type ServiceFilter,
  serviceById,
  serviceCounts,
} from './queries/services.ts';
export { type SnapshotRow, snapshotRows, snapshotRowsSince } from './queries/snapshot-entries.ts';
export { findUnsettledIntents, type UnsettledFilter, type UnsettledIntent } from './queries/unsettled-intents.ts';
export {
  activeWebhooks,
  type DeliveryRecord,
  type DueDelivery,
  dueDeliveries,
  listDeliveries,
  type OutboxDepth,
  outboxDepth,
  type WebhookRecord,
  webhookById,
} from './queries/webhooks.ts';
export type { RotationEntry } from './rotation-entry.ts';
export type { ServiceRecord } from './service-record.ts';
export type { Store, StoreDialect, StoreObserver, StoreOptions, StoreQuery } from './store.ts';
export type { CertificateStatus, IssuerRole } from './tables/certificates.ts';
export type { DeliveryStatus } from './tables/webhooks.ts';
