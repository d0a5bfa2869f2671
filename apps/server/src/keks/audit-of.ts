import type { AuditEvent } from '../audit/index.ts';
import type { Requester } from '../requester.ts';

/** What the audit says about who did something with a key, and nothing yet about the key. */
export function auditOf(requester: Requester, action: string, now: number): AuditEvent {
  return {
    timestamp: now,
    requestId: requester.requestId,
    serviceId: requester.serviceId,
    action,
    certificateId: null,
    clientIp: requester.clientIp,
    clientCertFingerprint: requester.fingerprint,
    status: 'success',
    details: {},
  };
}
