import { hash } from 'node:crypto';
import type { AuditRecord, AuditRow } from './audit-event.ts';

/** What the first record names as the hash before it. */
export const genesisHash = '0'.repeat(64);

/** Where a chain ends: the last record's place and hash. */
export interface AuditHead {
  readonly sequence: number;
  /** Lower-case hex. */
  readonly hash: string;
}

/** Where a chain begins: nothing recorded yet. */
export const genesisHead: AuditHead = { sequence: 0, hash: genesisHash };

/**
 * Hashes a record together with its place and all that came before it (SHA-256, lower-case hex).
 *
 * The input is a JSON array, so that no two records share one text; its first member keeps these hashes apart
 * from those of any other use.
 */
export function chainHash(previousHash: string, sequence: number, record: AuditRecord): string {
  return hash('sha256', canonicalText(previousHash, sequence, record), 'hex');
}

function canonicalText(previousHash: string, sequence: number, record: AuditRecord): string {
  return JSON.stringify([
    'vcc-pki-audit-1',
    previousHash,
    sequence,
    record.timestamp,
    record.requestId,
    record.serviceId,
    record.action,
    record.certificateId,
    record.clientIp,
    record.clientCertFingerprint,
    record.status,
    record.details,
  ]);
}

/** Puts records behind a head, in their order. */
export function chainRecords(head: AuditHead, records: readonly AuditRecord[]): AuditRow[] {
  let { sequence, hash: previousHash } = head;
  return records.map((record) => {
    sequence += 1;
    const row = { ...record, sequence, previousHash, hash: chainHash(previousHash, sequence, record) };
    previousHash = row.hash;
    return row;
  });
}
