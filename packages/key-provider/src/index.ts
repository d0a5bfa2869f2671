export { PkiError } from '@vcc-pki/api';
export { type AcceleratorBuild, AcceleratorBuildError, buildAccelerator } from './accelerator/build-accelerator.ts';
export { loadAccelerator } from './accelerator/native-engine.ts';
export { type CachePolicy, type CachePolicyInput, cachePolicy, type OfflinePolicy } from './cache/cache-policy.ts';
export { type CrlRefusal, CrlRefusedError } from './cache/crl-holder.ts';
export { ManualTime } from './cache/manual-time.ts';
export { systemTime, type TimeSource } from './cache/time-source.ts';
export type { RecordId } from './ciphertext/context.ts';
export type { Engine } from './ciphertext/engine.ts';
export { isRecord, isRecordText } from './ciphertext/is-record.ts';
export type { KeyHolder } from './ciphertext/key-holder.ts';
export { nodeEngine } from './ciphertext/node-engine.ts';
export { type Binding, type FixedHeader, fixedHeaderBytes, parseFixedHeader } from './ciphertext/record-header.ts';
export type { SuiteName } from './ciphertext/suites.ts';
export { BlindIndex, type BlindIndexOptions, type BlindIndexVersion, type IndexedValue } from './fields/blind-index.ts';
export type { DocumentResult } from './fields/document-cipher.ts';
export type { DocumentIndex, DocumentSchema, EncryptedField } from './fields/document-schema.ts';
export { FieldEncryption, type FieldEncryptionOptions } from './fields/field-encryption.ts';
export type {
  FieldPlace,
  GroupAccess,
  GroupAdmission,
  ItemResult,
  OwnContext,
  ValueItem,
} from './fields/field-place.ts';
export type { FieldPolicy } from './fields/field-policy.ts';
export type { SealedSessions } from './fields/field-reader.ts';
export { encodeValue, type FieldValue, parseValue } from './fields/field-value.ts';
export { maxValueBytes } from './fields/field-writer.ts';
export { GroupKeys, type GroupKeysOptions } from './groups/group-keys.ts';
export type { GroupMode, GroupSecret, GroupSource, GroupState } from './groups/group-source.ts';
export { type GroupKeyName, openGroupKey, type SealedGroupKey, sealGroupKey } from './groups/sealed-group-key.ts';
export {
  JWTValidator,
  type JWTValidatorOptions,
  type TokenAlgorithm,
  type VerifiedToken,
} from './jwt/jwt-validator.ts';
export type { FetchKeySet, RemoteKeySetOptions } from './jwt/key-set.ts';
export { KeyError, type KeyErrorCode, type KeyErrorDefinition, type KeyErrorOptions, keyErrors } from './key-error.ts';
export { FieldKey } from './keys/field-key.ts';
export { type FieldScope, KekHandle, type KekHandleOptions } from './keys/kek-handle.ts';
export type { KekSource } from './keys/kek-source.ts';
export { type KeyPurpose, keyLabels, type LabelPiece } from './keys/labels.ts';
export { SecretMemory, sharedSecretMemory } from './keys/secret-memory.ts';
export { type BreakGlassOptions, deriveBreakGlassKey } from './passphrase/break-glass-key.ts';
export type { GroupStatus } from './provider/group-registry.ts';
export type { KekList, KekServer, ServiceIdentity } from './provider/kek-server.ts';
export { type KekCertificate, PKIKeyProvider } from './provider/pki-key-provider.ts';
export { ProviderEmitter, type ProviderEvents } from './provider/provider-events.ts';
export type { PKIKeyProviderOptions, ProviderSettings, ProviderTls } from './provider/provider-options.ts';
export type { LineStatus, ProviderCondition, ProviderStatus, VersionStatus } from './provider/provider-status.ts';
export { countRecords, type RecordCount } from './reencryption/count-records.ts';
export {
  type DocumentCollection,
  type DocumentField,
  DocumentRecords,
  type DocumentRecordsOptions,
} from './reencryption/document-records.ts';
export { FieldRewriter, type PartitionPlace } from './reencryption/field-rewriter.ts';
export { jobMetrics } from './reencryption/job-metrics.ts';
export type {
  JobEvent,
  JobProgress,
  JobState,
  JobTarget,
  ReEncryptionJobOptions,
  Rewriter,
  Rewritten,
} from './reencryption/job-options.ts';
export { LazyReEncryption, type LazyReEncryptionOptions } from './reencryption/lazy-reencryption.ts';
export { type PostgresQueries, PostgresRecords } from './reencryption/postgres-records.ts';
export type { RecordColumn } from './reencryption/record-column.ts';
export { type JobOutcome, ReEncryptionJob } from './reencryption/reencryption-job.ts';
export { type SqliteQueries, SqliteRecords } from './reencryption/sqlite-records.ts';
export type {
  Checkpoint,
  CheckpointStore,
  JobLease,
  OldRow,
  QuarantinedRow,
  RecordStorage,
  RowKey,
  ScanPage,
  ScanRequest,
  Swap,
} from './reencryption/storage-port.ts';
export { SealedReader, type SealedReaderOptions } from './sealed/sealed-reader.ts';
export { SealedWriter, type SealedWriterOptions, type SealingKek } from './sealed/sealed-writer.ts';
