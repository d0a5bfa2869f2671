import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { preparedInsert } from '../prepared-insert.ts';
import { prepared } from '../prepared-query.ts';
import { newestChangeId } from '../queries/changes.ts';
import type { Change } from './transaction.ts';

/** Who was away from the feed for longer begins anew. */
const keptChanges = 10_000;

/** Writes changes into the log that the feeds of all servers follow. One writer at a time, so nobody else takes the numbers. */
export async function writeChanges(db: Kysely<Database>, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const newest = (await newestChangeId.first(db, {}))?.id ?? 0;
  await insertChanges(
    db,
    changes.map(({ event, data, at }, index) => ({
      id: newest + index + 1,
      event,
      data: JSON.stringify(data),
      created_at: at,
    })),
  );
  await forgetChanges.run(db, { upTo: newest + changes.length - keptChanges });
}

const insertChanges = preparedInsert('changes', ['id', 'event', 'data', 'created_at']);

const forgetChanges = prepared((db, p: { upTo: number }) => db.deleteFrom('changes').where('id', '<=', p.upTo));
