import type { AuditEntryResource } from '@vcc-pki/api';
import type { AuditRow, canonicalJson, JsonObject } from '@vcc-pki/server';

/**
 * The record that an entry of the wire was made from, in the form that its hash covers.
 * @param toText the server's canonical JSON, which loads with the server, so only where it is needed
 */
export function toAuditRow(entry: AuditEntryResource, toText: typeof canonicalJson): AuditRow {
  return {
    sequence: entry.id,
    timestamp: Date.parse(entry.timestamp),
    requestId: entry.request_id ?? null,
    serviceId: entry.service_id ?? null,
    action: entry.action,
    certificateId: entry.certificate_id ?? null,
    clientIp: entry.client_ip ?? null,
    clientCertFingerprint: entry.client_cert_fingerprint ?? null,
    status: entry.status,
    details: toText(entry.details as JsonObject),
    previousHash: entry.previous_hash,
    hash: entry.hash,
  };
}
