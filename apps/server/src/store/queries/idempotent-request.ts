import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';
import type { CertificateStatus } from '../tables/certificates.ts';

/** An earlier request with an idempotency key. */
export interface IdempotentRequest {
  readonly certificateId: string;
  readonly requestSha256: string;
  /** Of its certificate, as stored; `intent` while the request is still being worked on. */
  readonly status: CertificateStatus;
  /** The certificate that its certificate renews. */
  readonly replaces: string | null;
}

/** Finds the request that a service made with an idempotency key, unless it has run out. */
export function idempotentRequest(
  db: Kysely<Database>,
  request: { readonly serviceId: string; readonly key: string; readonly now: number },
): Promise<IdempotentRequest | undefined> {
  return earlierRequest.first(db, request);
}

const earlierRequest = prepared((db, p: { serviceId: string; key: string; now: number }) =>
  db
    .selectFrom('idempotency_keys')
    .innerJoin('certificates', 'certificates.certificate_id', 'idempotency_keys.certificate_id')
    .select([
      'idempotency_keys.certificate_id as certificateId',
      'idempotency_keys.request_sha256 as requestSha256',
      'certificates.status',
      'certificates.replaces',
    ])
    .where('idempotency_keys.service_id', '=', p.serviceId)
    .where('idempotency_keys.idempotency_key', '=', p.key)
    .where('idempotency_keys.expires_at', '>', p.now),
);
