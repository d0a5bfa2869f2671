import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { isIntent } from '../issued.ts';

/** An intent that no certificate followed, as recovery needs it. */
export interface UnsettledIntent {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly issuerId: string;
  readonly serialNumber: string;
  readonly notAfter: number;
  readonly instance: string;
  readonly createdAt: number;
}

/** Which intents are nobody's any more: those of an instance, those older than a time, both, or all. */
export interface UnsettledFilter {
  readonly instance?: string | undefined;
  /** Created before this. */
  readonly olderThan?: number | undefined;
  readonly limit: number;
}

/** Finds intents to be settled with `abandonIntent`, oldest first; ask again until there is none. */
export function findUnsettledIntents(db: Kysely<Database>, filter: UnsettledFilter): Promise<UnsettledIntent[]> {
  let query = db
    .selectFrom('certificates')
    .select([
      'certificate_id as certificateId',
      'service_id as serviceId',
      'issuer_id as issuerId',
      'serial_number as serialNumber',
      'not_after as notAfter',
      'instance',
      'created_at as createdAt',
    ])
    .where(isIntent);
  if (filter.instance !== undefined) query = query.where('instance', '=', filter.instance);
  if (filter.olderThan !== undefined) query = query.where('created_at', '<', filter.olderThan);
  return query.orderBy('created_at').orderBy('certificate_id').limit(filter.limit).execute();
}
