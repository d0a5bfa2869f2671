import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { CertificateStatus } from '../tables/certificates.ts';

/** How many certificates with a stored status expire on a day. */
export interface CertificateCount {
  /** As stored: active ones of a day that is past are expired. */
  readonly status: CertificateStatus;
  /** Days since the epoch. */
  readonly expiryDay: number;
  readonly count: number;
}

/** Reads the counts for metrics: some thousand small rows at most, however many certificates there are. */
export function certificateCounts(db: Kysely<Database>): Promise<CertificateCount[]> {
  return db
    .selectFrom('certificate_counts')
    .select(['status', 'expiry_day as expiryDay', 'count'])
    .where('count', '!=', 0)
    .orderBy('status')
    .orderBy('expiry_day')
    .execute();
}
