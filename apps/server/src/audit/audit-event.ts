import { canonicalJson, type JsonObject } from './canonical-json.ts';

/** How the audited action ended: done, refused by a rule, or failed by our fault. */
export type AuditStatus = 'success' | 'refused' | 'failed';

/**
 * What happened, by whom, to what. An event never holds a secret: no key, no passphrase, no token.
 * The requester is the client certificate, never a header.
 */
export interface AuditEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The id that the log lines and the answer of the same request carry; null for what no request caused. */
  readonly requestId: string | null;
  /** The service concerned; null where none is. */
  readonly serviceId: string | null;
  /** A verb: `request`, `renew`, `revoke`, `download`, `publish-crl` ... */
  readonly action: string;
  readonly certificateId: string | null;
  readonly clientIp: string | null;
  /** SHA-256 of the client certificate, lower-case hex. */
  readonly clientCertFingerprint: string | null;
  readonly status: AuditStatus;
  /** Further facts, small and JSON: the reason of a refusal, the names asked for. */
  readonly details: JsonObject;
}

/** An {@link AuditEvent} as the store keeps it: the details are canonical JSON text, because the hash covers the text. */
export interface AuditRecord extends Omit<AuditEvent, 'details'> {
  readonly details: string;
}

/** A record in its place in the chain. */
export interface AuditRow extends AuditRecord {
  /** 1 for the first record of a ledger, without gaps. */
  readonly sequence: number;
  /** The hash of the record before, lower-case hex; {@link genesisHash} for the first. */
  readonly previousHash: string;
  /** See {@link chainHash}. */
  readonly hash: string;
}

/** Fixes the text of an event, ready to be chained. */
export function toAuditRecord(event: AuditEvent): AuditRecord {
  return { ...event, details: canonicalJson(event.details) };
}
