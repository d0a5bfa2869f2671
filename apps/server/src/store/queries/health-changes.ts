import type { ServiceStatus } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';

/** A change of a service's state. */
export interface HealthChangeRecord {
  readonly changedAt: number;
  readonly status: ServiceStatus;
  readonly previousStatus: ServiceStatus;
  readonly detail: string;
  readonly durationMs: number | null;
}

/** Reads the changes of a service's state, newest first; so many are kept that they are read at once. */
export function healthChanges(db: Kysely<Database>, serviceId: string): Promise<HealthChangeRecord[]> {
  return changesOf.all(db, { serviceId });
}

const changesOf = prepared((db, p: { serviceId: string }) =>
  db
    .selectFrom('health_changes')
    .select([
      'changed_at as changedAt',
      'status',
      'previous_status as previousStatus',
      'detail',
      'duration_ms as durationMs',
    ])
    .where('service_id', '=', p.serviceId)
    .orderBy('number', 'desc'),
);
