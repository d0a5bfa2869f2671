export { AuditEntryResource, AuditPage, ListAuditQuery } from './audit.ts';
export { CaCertificateResource, CaCertificatesResource, IssuerParams } from './ca.ts';
export {
  CertificatePage,
  CertificateParams,
  CertificateResource,
  CertificateSummary,
  DownloadCertificateQuery,
  IdempotencyHeaders,
  ListCertificatesQuery,
  RenewalInfo,
  RenewCertificateBody,
  RequestCertificateBody,
} from './certificates.ts';
export { CrlResource, CrlShardParams } from './crl.ts';
export {
  DiscoverByIdQuery,
  DiscoveredCertificate,
  DiscoveredCertificateParams,
  DiscoveredService,
  DiscoverServicesQuery,
  DiscoveryPage,
  DiscoveryParams,
} from './discovery.ts';
export {
  CreatedTokenResource,
  CreateTokenBody,
  EnrolBody,
  EnrolmentResource,
  ListTokensQuery,
  TokenPage,
  TokenParams,
  TokenResource,
  TokenStatus,
} from './enrolment.ts';
export {
  FeedHeaders,
  FeedQuery,
  feedEventTypes,
  HelloEvent,
  ServiceEvent,
} from './feed.ts';

export { CertificateStatus, KeyTypeHint, LedgerStatus, maxCsrLength } from './fields.ts';
export { HealthResource, ReadinessCheck, ReadyResource } from './health.ts';
export {
  CreateKekGroupBody,
  KekGroupDelivery,
  KekGroupDeliveryPolicy,
  KekGroupMode,
  KekGroupPage,
  KekGroupResource,
  NextKekGroupEpochBody,
  OpenKekGroupBody,
} from './kek-groups.ts';
export {
  ChangeKekBody,
  CreateKekBody,
  KekAction,
  KekConsumer,
  KekConsumerList,
  KekConsumerReport,
  KekDelivery,
  KekDeliveryPolicy,
  KekGrant,
  KekGrantList,
  KekGrantParams,
  KekGrantResource,
  KekHolder,
  KekId,
  KekKem,
  KekLine,
  KekLog,
  KekLogEntry,
  KekPage,
  KekParams,
  KekResource,
  KekState,
  ListKeksQuery,
  OpenKekBody,
  ReportKekBody,
  RotateKekBody,
  SetKekGrantBody,
} from './keks.ts';
export { ProblemBody } from './problem.ts';
export {
  CheckSerialParams,
  RevocationResource,
  RevokeBySerialBody,
  RevokeBySerialQuery,
  RevokeCertificateBody,
  RevokeCertificateQuery,
  SerialCheckResource,
} from './revocation.ts';
export {
  RevocationReason,
  RevocationReasonWord,
  revocationReasonOf,
  revocationReasonWords,
} from './revocation-reasons.ts';
export {
  ListRenewalsQuery,
  RenewalPage,
  RenewalResource,
  RenewalState,
  ReportServedBody,
  ServedParams,
  ServedResource,
} from './rotation.ts';
export {
  HealthChange,
  HealthHistory,
  IfMatchHeaders,
  IfNoneMatchHeaders,
  ListServicesQuery,
  RegisterServiceBody,
  ServicePage,
  ServiceParams,
  ServiceResource,
  ServiceStatus,
  ServiceType,
  UpdateServiceBody,
} from './services.ts';
export { RevocationDeltaQuery } from './snapshots.ts';
export {
  CreatedWebhookResource,
  CreateWebhookBody,
  DeliveryPage,
  type DeliveryResource,
  EventTypeList,
  ListDeliveriesQuery,
  ReplayDeliveriesBody,
  ReplayedResource,
  TestWebhookResource,
  WebhookList,
  WebhookParams,
  WebhookResource,
} from './webhooks.ts';
