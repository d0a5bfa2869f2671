import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';

/** What an endpoint was last seen to serve. */
export interface ServedCertificate {
  readonly endpoint: string;
  readonly servedFingerprint: string;
  readonly checkedAt: number;
  readonly reportedAt: number;
  /** Null: no certificate of the service. */
  readonly certificateId: string | null;
  readonly notAfter: number | null;
  readonly status: string | null;
  readonly replacedBy: string | null;
}

/** What the endpoints of a service were last seen to serve; undefined: there is no such service. */
export async function servedOfService(
  db: Kysely<Database>,
  serviceId: string,
): Promise<readonly ServedCertificate[] | undefined> {
  const rows = await servedRows.all(db, { serviceId });
  if (rows.length > 0) return rows;
  return (await knownService.first(db, { serviceId })) === undefined ? undefined : [];
}

export const servedRows = prepared<{ serviceId: string }, ServedCertificate>((db, p) =>
  db
    .selectFrom('served_certificates as served')
    .leftJoin('certificates as certificate', (join) =>
      join
        .onRef('certificate.fingerprint_sha256', '=', 'served.served_fingerprint')
        .onRef('certificate.service_id', '=', 'served.service_id'),
    )
    .select([
      'served.endpoint',
      'served.served_fingerprint as servedFingerprint',
      'served.checked_at as checkedAt',
      'served.reported_at as reportedAt',
      'certificate.certificate_id as certificateId',
      'certificate.not_after as notAfter',
      'certificate.status',
      'certificate.replaced_by as replacedBy',
    ])
    .where('served.service_id', '=', p.serviceId)
    .orderBy('served.endpoint'),
);

export const knownService = prepared((db, p: { serviceId: string }) =>
  db.selectFrom('services').select('service_id').where('service_id', '=', p.serviceId),
);

/** The renewals of a service that wait for their proof. */
export async function unprovenOfService(db: Kysely<Database>, serviceId: string): Promise<readonly UnprovenRenewal[]> {
  return (await activeOfService.all(db, { serviceId })).filter(({ proof }) => proof === 'wanted');
}

interface UnprovenRenewal {
  readonly certificateId: string;
  readonly fingerprint: string | null;
  readonly replaces: string | null;
}

/** A service has few that are active; their proof is no reason to walk along the index of all unproven ones. */
const activeOfService = prepared((db, p: { serviceId: string }) =>
  db
    .selectFrom('certificates as certificate')
    .innerJoin('rotation_schedule as schedule', 'schedule.certificate_id', 'certificate.certificate_id')
    .select([
      'certificate.certificate_id as certificateId',
      'certificate.fingerprint_sha256 as fingerprint',
      'certificate.replaces',
      'schedule.proof',
    ])
    .where('certificate.service_id', '=', p.serviceId)
    .where(sql<SqlBool>`"certificate"."status" != 'intent'`)
    .where('certificate.status', '=', 'active')
    .orderBy('certificate.created_at')
    .limit(100),
);
