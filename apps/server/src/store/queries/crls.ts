import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type PreparedQuery, prepared } from '../prepared-query.ts';
import { type PublishedCrl, publishedCrlColumns } from '../published-crl.ts';

/** Finds the newest CRL of an issuer. */
export function newestCrl(
  db: Kysely<Database>,
  { issuerId, scope = 'full' }: { readonly issuerId: string; readonly scope?: string },
): Promise<PublishedCrl | undefined> {
  return newestOfScope.first(db, { issuerId, scope });
}

/** Reads the DER of a CRL; `undefined` when it is no longer kept. */
export async function crlDer(
  db: Kysely<Database>,
  crl: Pick<PublishedCrl, 'issuerId' | 'scope' | 'number'>,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const row = await onePart.first(db, { ...crl, part: parts.length });
    if (row === undefined) break;
    parts.push(row.der);
  }
  return parts.length === 0 ? undefined : Buffer.concat(parts);
}

/** Reads what was published after a place in the order of publications, by any server, oldest first. */
export function publicationsSince(
  db: Kysely<Database>,
  input: { readonly sequence: number; readonly limit: number },
): Promise<PublishedCrl[]> {
  return publishedSince.all(db, input);
}

/** Finds the oldest full CRL that a relying party may still be using: what a new delta CRL is to be based on. */
export function deltaBase(
  db: Kysely<Database>,
  input: { readonly issuerId: string; readonly now: number },
): Promise<PublishedCrl | undefined> {
  return oldestInUse.first(db, input);
}

/** Reads the newest revision of an issuer's list; 0 when nothing was ever revoked. */
export async function newestRevision(db: Kysely<Database>, issuerId: string): Promise<number> {
  return (await newestRevisionOf.first(db, { issuerId }))?.revision ?? 0;
}

/** A change of an issuer's list, as far as those who cache something about it need it. */
export interface Revocation {
  readonly revision: number;
  readonly shard: number;
  /** Lower-case hex. */
  readonly serialNumber: string;
}

/** Reads what was revoked after a revision, by any server, oldest first. */
export function revocationsSince(
  db: Kysely<Database>,
  input: { readonly issuerId: string; readonly revision: number; readonly limit: number },
): Promise<Revocation[]> {
  return revokedSince.all(db, input);
}

/** A CRL entry as it was encoded at the revocation (RFC 5280 s5.1.2.6). */
export interface CrlEntry {
  readonly entryDer: Uint8Array;
  readonly revision: number;
  /** 1: earlier CRLs have another entry for the same serial number. */
  readonly amended: number;
}

/** Which entries of a shard to read. */
export interface ShardEntriesInput {
  readonly issuerId: string;
  readonly shard: number;
  /** Entries that need not be listed any more at this time are left out (RFC 5280 s3.3). */
  readonly listedFrom: number;
  /** Entries that are newer are left out, so that a list read in pages has each entry once. */
  readonly revision: number;
  readonly pageSize: number;
}

/**
 * Reads a shard's list page by page; entries that go first stand first. Nothing is held open in between. An entry that
 * is amended while the list is read is in it, in its old or its new form.
 */
export async function* shardEntries(
  db: Kysely<Database>,
  { listedFrom, ...input }: ShardEntriesInput,
): AsyncGenerator<CrlEntry[], void, undefined> {
  // Ids begin with 1, so this place lies before all entries of that time.
  let last = { listedUntil: listedFrom, id: 0 };
  for (;;) {
    const page = await shardPage.all(db, { ...input, ...last });
    if (page.length > 0) yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < input.pageSize) return;
    last = { listedUntil: end.listedUntil, id: end.id };
  }
}

/** Reads a page of what was added to a shard's list, or amended in it, after a revision, oldest first. */
export function shardEntriesSince(
  db: Kysely<Database>,
  input: { readonly issuerId: string; readonly shard: number; readonly revision: number; readonly limit: number },
): Promise<CrlEntry[]> {
  return addedToShard.all(db, input);
}

/** The same for all shards of an issuer. */
export function entriesSince(
  db: Kysely<Database>,
  input: { readonly issuerId: string; readonly revision: number; readonly limit: number },
): Promise<CrlEntry[]> {
  return added.all(db, input);
}

/** For operations, which ask inside of their transaction. */
export const newestOfScope: PreparedQuery<{ issuerId: string; scope: string }, PublishedCrl> = prepared((db, p) =>
  db
    .selectFrom('published_crls')
    .select(publishedCrlColumns)
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .orderBy('number', 'desc')
    .limit(1),
);

/** For operations, which ask inside of their transaction. */
export const newestRevisionOf: PreparedQuery<{ issuerId: string }, { revision: number }> = prepared((db, p) =>
  db.selectFrom('crl').select('revision').where('issuer_id', '=', p.issuerId).orderBy('revision', 'desc').limit(1),
);

/** For operations, which ask inside of their transaction. */
export const oldestInUse: PreparedQuery<{ issuerId: string; now: number }, PublishedCrl> = prepared((db, p) =>
  db
    .selectFrom('published_crls')
    .select(publishedCrlColumns)
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', 'full')
    .where('next_update', '>', p.now)
    .orderBy('number')
    .limit(1),
);

const onePart = prepared((db, p: { issuerId: string; scope: string; number: number; part: number }) =>
  db
    .selectFrom('published_crl_parts')
    .select('der')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .where('number', '=', p.number)
    .where('part', '=', p.part),
);

const publishedSince = prepared((db, p: { sequence: number; limit: number }) =>
  db
    .selectFrom('published_crls')
    .select(publishedCrlColumns)
    .where('sequence', '>', p.sequence)
    .orderBy('sequence')
    .limit(p.limit),
);

const revokedSince = prepared((db, p: { issuerId: string; revision: number; limit: number }) =>
  db
    .selectFrom('crl')
    .select(['revision', 'shard', 'serial_number as serialNumber'])
    .where('issuer_id', '=', p.issuerId)
    .where('revision', '>', p.revision)
    .orderBy('revision')
    .limit(p.limit),
);

interface ShardPlace extends Omit<ShardEntriesInput, 'listedFrom'> {
  readonly listedUntil: number;
  readonly id: number;
}

const shardPage = prepared((db, p: ShardPlace) =>
  db
    .selectFrom('crl')
    .select(['id', 'listed_until as listedUntil', 'entry_der as entryDer', 'revision', 'amended'])
    .where('issuer_id', '=', p.issuerId)
    .where('shard', '=', p.shard)
    .where((eb) => eb(eb.refTuple('listed_until', 'id'), '>', eb.tuple(p.listedUntil, p.id)))
    .where((eb) => eb.or([eb('revision', '<=', p.revision), eb('amended', '=', 1)]))
    .orderBy('listed_until')
    .orderBy('id')
    .limit(p.pageSize),
);

const addedToShard = prepared((db, p: { issuerId: string; shard: number; revision: number; limit: number }) =>
  db
    .selectFrom('crl')
    .select(['entry_der as entryDer', 'revision', 'amended'])
    .where('issuer_id', '=', p.issuerId)
    .where('shard', '=', p.shard)
    .where('revision', '>', p.revision)
    .orderBy('revision')
    .limit(p.limit),
);

const added = prepared((db, p: { issuerId: string; revision: number; limit: number }) =>
  db
    .selectFrom('crl')
    .select(['entry_der as entryDer', 'revision', 'amended'])
    .where('issuer_id', '=', p.issuerId)
    .where('revision', '>', p.revision)
    .orderBy('revision')
    .limit(p.limit),
);
