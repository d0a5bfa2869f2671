import { PkiError } from '@vcc-pki/api/without-schemas';
import type { Kysely } from 'kysely';
import type { AuditHead, AuditRow } from '../../audit/index.ts';
import type { Database } from '../database.ts';

/** Which audit entries; all given members must hold. */
export interface AuditFilter {
  readonly action?: string | undefined;
  readonly service?: string | undefined;
  readonly certificateId?: string | undefined;
  /** Events not earlier than this. */
  readonly since?: number | undefined;
  /** Events not later than this. */
  readonly until?: number | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A part of the log, newest first. */
export interface AuditPage {
  readonly items: readonly AuditRow[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

const auditColumns = [
  'id as sequence',
  'timestamp',
  'service_id as serviceId',
  'action',
  'certificate_id as certificateId',
  'client_ip as clientIp',
  'client_cert_fingerprint as clientCertFingerprint',
  'status',
  'details',
  'request_id as requestId',
  'previous_hash as previousHash',
  'hash',
] as const;

/**
 * How far an event may lie behind one that stands before it in the chain: it is stamped when it happens and chained
 * when it commits, and the clocks of a cluster differ.
 */
const maxDisorderMs = 300_000;

/**
 * Pages through the log, newest first.
 *
 * @throws PkiError `malformed` for what is no cursor.
 */
export async function auditPage(db: Kysely<Database>, filter: AuditFilter): Promise<AuditPage> {
  const range = await sequenceRange(db, filter);
  let query = db.selectFrom('audit_log').select(auditColumns);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.service !== undefined) query = query.where('service_id', '=', filter.service);
  if (filter.certificateId !== undefined) query = query.where('certificate_id', '=', filter.certificateId);
  if (filter.since !== undefined) query = query.where('timestamp', '>=', filter.since);
  if (filter.until !== undefined) query = query.where('timestamp', '<=', filter.until);
  query = query.where('id', '>=', range.first).where('id', '<=', range.last);
  const found = await query
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute();
  const items = found.slice(0, filter.limit);
  const last = items.at(-1);
  return last === undefined || found.length <= filter.limit ? { items } : { items, nextCursor: `${last.sequence}` };
}

/**
 * Bounds the walk along the chain by the times asked for; without that it would go on to the end of the log. Whatever
 * is more than the disorder earlier than `since` stands before all that is asked for, and so for `until`.
 */
async function sequenceRange(
  db: Kysely<Database>,
  { since, until, cursor }: AuditFilter,
): Promise<{ first: number; last: number }> {
  const before = since === undefined ? undefined : await sequenceNear(db, '<', since - maxDisorderMs);
  const behind = until === undefined ? undefined : await sequenceNear(db, '>', until + maxDisorderMs);
  const end = Number.MAX_SAFE_INTEGER;
  const cursorEnd = cursor === undefined ? end : parseAuditCursor(cursor);
  return { first: (before ?? 0) + 1, last: Math.min(behind ?? end, cursorEnd) - 1 };
}

async function sequenceNear(db: Kysely<Database>, side: '<' | '>', timestamp: number): Promise<number | undefined> {
  const direction = side === '<' ? 'desc' : 'asc';
  const nearest = await db
    .selectFrom('audit_log')
    .select('id')
    .where('timestamp', side, timestamp)
    .orderBy('timestamp', direction)
    .orderBy('id', direction)
    .limit(1)
    .executeTakeFirst();
  return nearest?.id;
}

function parseAuditCursor(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw new PkiError('malformed', 'The cursor belongs to another list.', { field: 'cursor' });
}

/** Where the chain ends now. */
export async function auditHead(db: Kysely<Database>): Promise<AuditHead> {
  return await db
    .selectFrom('audit_head')
    .select(['sequence', 'hash'])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow(() => new Error('The audit chain has no head: the database is not one of ours.'));
}

/** How many entries are read at a time: some 500 KB. */
const chainPageSize = 1000;

/** Reads the chain from its beginning up to a head, for its verification. */
export async function* auditChain(db: Kysely<Database>, upTo: AuditHead): AsyncGenerator<AuditRow, void, undefined> {
  let last = 0;
  for (;;) {
    const page = await db
      .selectFrom('audit_log')
      .select(auditColumns)
      .where('id', '>', last)
      .where('id', '<=', upTo.sequence)
      .orderBy('id')
      .limit(chainPageSize)
      .execute();
    yield* page;
    const end = page.at(-1);
    if (end === undefined) return;
    last = end.sequence;
  }
}
