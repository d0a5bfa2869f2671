import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';

/** A revocation as a revocation snapshot needs it. */
export interface SnapshotRow {
  readonly revision: number;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly notAfter: number;
}

/** Reads a page of what was revoked, or amended, after a revision, oldest first. */
export function snapshotRowsSince(
  db: Kysely<Database>,
  input: { readonly issuerId: string; readonly revision: number; readonly limit: number },
): Promise<SnapshotRow[]> {
  return since.all(db, input);
}

export interface SnapshotRowsInput {
  readonly issuerId: string;
  readonly shard: number;
  /** What a CRL need not list any more at this time is left out. */
  readonly listedFrom: number;
  readonly pageSize: number;
}

/** Reads what is revoked of a shard page by page; nothing is held open in between. */
export async function* snapshotRows(
  db: Kysely<Database>,
  { listedFrom, ...input }: SnapshotRowsInput,
): AsyncGenerator<SnapshotRow[], void, undefined> {
  // Ids begin with 1, so this place lies before all entries of that time.
  let last = { listedUntil: listedFrom, id: 0 };
  for (;;) {
    const page = await ofShard.all(db, { ...input, ...last });
    if (page.length > 0) yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < input.pageSize) return;
    last = { listedUntil: end.listedUntil, id: end.id };
  }
}

const since = prepared((db, p: { issuerId: string; revision: number; limit: number }) =>
  db
    .selectFrom('crl')
    .select(['revision', 'serial_number as serialNumber', 'not_after as notAfter'])
    .where('issuer_id', '=', p.issuerId)
    .where('revision', '>', p.revision)
    .orderBy('revision')
    .limit(p.limit),
);

const ofShard = prepared(
  (db, p: { issuerId: string; shard: number; listedUntil: number; id: number; pageSize: number }) =>
    db
      .selectFrom('crl')
      .select([
        'id',
        'listed_until as listedUntil',
        'revision',
        'serial_number as serialNumber',
        'not_after as notAfter',
      ])
      .where('issuer_id', '=', p.issuerId)
      .where('shard', '=', p.shard)
      .where((eb) => eb(eb.refTuple('listed_until', 'id'), '>', eb.tuple(p.listedUntil, p.id)))
      .orderBy('listed_until')
      .orderBy('id')
      .limit(p.pageSize),
);
