import { PkiError } from '@vcc-pki/api/without-schemas';
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';
import { type IdempotentRequest, idempotentRequest } from '../queries/idempotent-request.ts';
import type { RecordIntentInput } from './record-intent.ts';

type Request = Pick<RecordIntentInput, 'serviceId' | 'certificateId' | 'idempotency' | 'now'>;

/**
 * Finds the earlier request with the same idempotency key; it has a certificate.
 *
 * @throws PkiError `idempotencyMismatch` when the key belongs to another request, `conflict` while the certificate is
 *   still being made.
 */
export async function findReplay(db: Kysely<Database>, request: Request): Promise<IdempotentRequest | undefined> {
  const { serviceId, idempotency, now } = request;
  if (idempotency === undefined) return undefined;
  const earlier = await idempotentRequest(db, { serviceId, key: idempotency.key, now });
  if (earlier === undefined) return undefined;
  if (earlier.requestSha256 !== idempotency.requestSha256) {
    throw new PkiError('idempotencyMismatch', 'This Idempotency-Key was used for another request.');
  }
  if (earlier.status === 'intent') {
    throw new PkiError('conflict', 'The first request with this Idempotency-Key is still being worked on.');
  }
  return earlier;
}

/** Keeps the idempotency key of a request, if it has one, in place of one that has run out. */
export async function rememberRequest(db: Kysely<Database>, request: Request): Promise<void> {
  const { serviceId, certificateId, idempotency, now } = request;
  if (idempotency !== undefined) await rememberKey.run(db, { serviceId, certificateId, now, ...idempotency });
}

interface KeyRow {
  readonly serviceId: string;
  readonly key: string;
  readonly requestSha256: string;
  readonly certificateId: string;
  readonly now: number;
  readonly expiresAt: number;
}

const rememberKey = prepared((db, p: KeyRow) =>
  db
    .insertInto('idempotency_keys')
    .values({
      service_id: p.serviceId,
      idempotency_key: p.key,
      request_sha256: p.requestSha256,
      certificate_id: p.certificateId,
      created_at: p.now,
      expires_at: p.expiresAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['service_id', 'idempotency_key']).doUpdateSet({
        request_sha256: p.requestSha256,
        certificate_id: p.certificateId,
        created_at: p.now,
        expires_at: p.expiresAt,
      }),
    ),
);
