import { auditPage, type Store } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { parseTime } from './parse-time.ts';

/** The audit log, for administrators. */
export function auditHandlers({ store }: { store: Store }): Handlers<'listAudit'> {
  return {
    listAudit: async ({ query }) => {
      const page = await auditPage(store.read, {
        service: query.service,
        action: query.action,
        certificateId: query.certificate_id,
        since: query.since === undefined ? undefined : parseTime('since', query.since),
        until: query.until === undefined ? undefined : parseTime('until', query.until),
        limit: query.limit ?? 50,
        cursor: query.cursor,
      });
      return {
        items: page.items.map((row) => ({
          id: row.sequence,
          timestamp: new Date(row.timestamp).toISOString(),
          ...(row.serviceId !== null && { service_id: row.serviceId }),
          action: row.action,
          ...(row.certificateId !== null && { certificate_id: row.certificateId }),
          ...(row.clientIp !== null && { client_ip: row.clientIp }),
          ...(row.clientCertFingerprint !== null && { client_cert_fingerprint: row.clientCertFingerprint }),
          ...(row.requestId !== null && { request_id: row.requestId }),
          status: row.status,
          details: JSON.parse(row.details) as Record<string, unknown>,
          previous_hash: row.previousHash,
          hash: row.hash,
        })),
        next_cursor: page.nextCursor ?? null,
      };
    },
  };
}
