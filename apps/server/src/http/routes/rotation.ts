import { PkiError, type RenewalResource, type ReportServedBody, type ServedResource } from '@vcc-pki/api';
import type { Clock } from '../../clock.ts';
import { onlyOwn } from '../../policy/index.ts';
import type { Requester } from '../../requester.ts';
import {
  listRenewals,
  type RenewalPlace,
  type RotationRecord,
  type ServedCertificate,
  type Store,
  servedOfService,
  unprovenOfService,
} from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { wireTime } from './certificate-resource.ts';
import { parseTime } from './parse-time.ts';

interface RotationRouteDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** How renewals go, and what endpoints were seen to serve. */
export function rotationHandlers({
  store,
  clock,
}: RotationRouteDeps): Handlers<'listRenewals' | 'reportServed' | 'getServed'> {
  return {
    listRenewals: async ({ requester, query }) => {
      const now = clock.now();
      const limit = query.limit ?? 50;
      const list = query.state ?? 'due';
      const rows = await listRenewals(store.read, {
        list,
        service: visibleService(requester, query.service),
        // One more tells whether there is a next page.
        limit: limit + 1,
        after: query.cursor === undefined ? undefined : parseCursor(query.cursor),
        now,
      });
      const last = rows[limit - 1];
      return {
        items: rows.slice(0, limit).map((row) => toRenewal(row, list, now)),
        next_cursor: rows.length > limit && last !== undefined ? formatCursor(last) : null,
      };
    },

    reportServed: async ({ requester, params, body }) => {
      checkOwn(requester, params.id);
      const now = clock.now();
      await store.ledger.submit('recordServed', {
        serviceId: params.id,
        endpoints: body.endpoints.map((report) => toReport(report, now)),
        now,
        audit: {
          timestamp: now,
          requestId: requester.requestId,
          serviceId: requester.serviceId,
          action: 'report-served',
          certificateId: null,
          clientIp: requester.clientIp,
          clientCertFingerprint: requester.fingerprint,
          status: 'success',
          details: { service_id: params.id, endpoints: body.endpoints.map(({ endpoint }) => endpoint) },
        },
      });
      return toServed(store, params.id, now);
    },

    getServed: async ({ requester, params }) => {
      checkOwn(requester, params.id);
      return toServed(store, params.id, clock.now());
    },
  };
}

function visibleService(requester: Requester, asked: string | undefined): string | undefined {
  if (requester.isAdmin) return asked;
  if (asked === undefined || asked === requester.serviceId) return requester.serviceId;
  throw onlyOwn(`"${requester.serviceId}" may list its own renewals only`, 'service');
}

function checkOwn(requester: Requester, serviceId: string): void {
  if (requester.isAdmin || requester.serviceId === serviceId) return;
  throw onlyOwn(`"${requester.serviceId}" may report and see its own endpoints only`);
}

type Report = ReportServedBody['endpoints'][number];

/** Nobody has looked tomorrow: a clock that is ahead does not make a report look newer than it is. */
function toReport({ endpoint, served_fingerprint, checked_at }: Report, now: number) {
  const checkedAt = checked_at === undefined ? now : Math.min(now, parseTime('endpoints', checked_at));
  return { endpoint, servedFingerprint: served_fingerprint, checkedAt };
}

async function toServed({ read }: Store, serviceId: string, now: number): Promise<ServedResource> {
  const served = await servedOfService(read, serviceId);
  if (served === undefined) throw new PkiError('notFound', `there is no service "${serviceId}"`);
  const unproven = await unprovenOfService(read, serviceId);
  return {
    service_id: serviceId,
    endpoints: served.map((endpoint) => ({
      endpoint: endpoint.endpoint,
      served_fingerprint: endpoint.servedFingerprint,
      certificate_id: endpoint.certificateId,
      is_newest: isNewest(endpoint, now),
      checked_at: wireTime(endpoint.checkedAt),
      reported_at: wireTime(endpoint.reportedAt),
    })),
    proven: unproven.length === 0,
    unproven: unproven.map(({ certificateId }) => certificateId),
  };
}

function isNewest({ status, replacedBy, notAfter }: ServedCertificate, now: number): boolean {
  return status === 'active' && replacedBy === null && notAfter !== null && notAfter >= now;
}

function toRenewal(row: RotationRecord, list: RenewalResource['state'], now: number): RenewalResource {
  return {
    certificate_id: row.certificateId,
    service_id: row.serviceId,
    state: list === 'due' && row.windowEnd < now ? 'overdue' : list,
    renewal_window: { start: wireTime(row.windowStart), end: wireTime(row.windowEnd) },
    not_after: wireTime(row.notAfter),
    stage: row.stage === 'quiet' ? null : row.stage,
    reminders: row.reminders,
    ...(row.lastCheck !== null && { last_check: wireTime(row.lastCheck) }),
    ...(row.replaces !== null && { replaces: row.replaces }),
    ...(row.replacedBy !== null && { replaced_by: row.replacedBy }),
  };
}

function formatCursor({ windowStart, certificateId }: RenewalPlace): string {
  return Buffer.from(`${windowStart}:${certificateId}`).toString('base64url');
}

function parseCursor(cursor: string): RenewalPlace {
  const [, windowStart, certificateId] =
    /^(\d{1,15}):([a-z0-9_]{1,142})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (windowStart === undefined || certificateId === undefined) {
    throw new PkiError('malformed', 'the cursor is not one of ours', { field: 'cursor' });
  }
  return { windowStart: Number(windowStart), certificateId };
}
