import type { Kysely } from 'kysely';
import type { CertificateRecord } from '../certificate-record.ts';
import type { Database } from '../database.ts';
import type { CertificateStatus } from '../tables/certificates.ts';
import { type CertificateOrder, encodeCertificateCursor, parseCertificateCursor } from './certificate-cursor.ts';
import { walkName, walkStatuses } from './certificate-walks.ts';

/** Which certificates; all given members must hold. */
export interface CertificateFilter {
  readonly service?: string | undefined;
  /** Its status now. Without it: active, expired and revoked ones. */
  readonly status?: CertificateStatus | undefined;
  /** A common name or SAN value, whole; case does not matter. */
  readonly name?: string | undefined;
  /** An issuer's id. */
  readonly issuer?: string | undefined;
  /** Active ones (or those of `status`) whose notAfter is not later; the list then begins with the soonest. */
  readonly expiringBefore?: number | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly now: number;
}

/** A part of a list. */
export interface CertificatePage {
  readonly items: readonly CertificateRecord[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/**
 * Lists certificates, newest first; with `expiringBefore`, soonest to expire first. A page begins behind the last
 * certificate of the one before, so nothing is shown twice or left out because others came in meanwhile.
 *
 * @throws PkiError `malformed` for a cursor of another list.
 */
export async function listCertificates(db: Kysely<Database>, filter: CertificateFilter): Promise<CertificatePage> {
  const order: CertificateOrder = filter.expiringBefore === undefined ? 'newest' : 'soonest';
  const after = filter.cursor === undefined ? undefined : parseCertificateCursor(order, filter.cursor);
  // One more than the page holds, to know whether another follows.
  const walk = { filter, order, after, limit: filter.limit + 1 };
  const byName = filter.name !== undefined && filter.service === undefined;
  const found = byName ? await walkName(db, walk, filter.name) : await walkStatuses(db, walk);
  const items = found.slice(0, filter.limit);
  const last = items.at(-1);
  if (last === undefined || found.length <= filter.limit) return { items };
  return { items, nextCursor: encodeCertificateCursor(order, last) };
}
