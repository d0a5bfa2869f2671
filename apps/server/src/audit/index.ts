/**
 * The audit record, pure: what an event is, how events are chained by hash, how a chain is verified.
 * Storing them is the ledger's part: in the same transaction as what they record.
 *
 * @module
 */
export { type AuditHead, chainRecords, genesisHash } from './audit-chain.ts';
export { type AuditEvent, type AuditRecord, type AuditRow, type AuditStatus, toAuditRecord } from './audit-event.ts';
export { canonicalJson, type JsonObject, type JsonValue } from './canonical-json.ts';
export { type AuditChainFault, type AuditChainVerdict, verifyAuditChain } from './verify-audit-chain.ts';
