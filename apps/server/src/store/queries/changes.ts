import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type PreparedQuery, prepared } from '../prepared-query.ts';

/** A change as the feed tells it. */
export interface LoggedChange {
  readonly id: number;
  readonly event: string;
  /** JSON text of an object. */
  readonly data: string;
}

/** Reads the number of the newest change; 0 when there was none yet. */
export async function newestChange(db: Kysely<Database>): Promise<number> {
  return (await newestChangeId.first(db, {}))?.id ?? 0;
}

/** Reads the number of the oldest change that is still kept; `undefined` when there is none. */
export async function oldestChange(db: Kysely<Database>): Promise<number | undefined> {
  return (await oldestChangeId.first(db, {}))?.id;
}

/** Reads what was changed after a change, by any server, oldest first. */
export function changesSince(
  db: Kysely<Database>,
  input: { readonly id: number; readonly limit: number },
): Promise<LoggedChange[]> {
  return since.all(db, input);
}

/** For the ledger, which asks inside of its transaction. */
export const newestChangeId: PreparedQuery<object, { id: number }> = prepared((db) =>
  db.selectFrom('changes').select('id').where('id', '>', 0).orderBy('id', 'desc').limit(1),
);

const oldestChangeId = prepared((db, _: object) =>
  db.selectFrom('changes').select('id').where('id', '>', 0).orderBy('id').limit(1),
);

const since = prepared((db, p: { id: number; limit: number }) =>
  db.selectFrom('changes').select(['id', 'event', 'data']).where('id', '>', p.id).orderBy('id').limit(p.limit),
);
