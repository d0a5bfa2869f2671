import { PkiError } from '@vcc-pki/api/without-schemas';
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { type EnrolmentTokenRecord, enrolmentTokenColumns } from '../enrolment-token.ts';
import { type PreparedQuery, prepared } from '../prepared-query.ts';

/** Finds a token by its id. */
export function enrolmentTokenById(db: Kysely<Database>, tokenId: string): Promise<EnrolmentTokenRecord | undefined> {
  return tokenById.first(db, { tokenId });
}

/** For operations, which ask inside of their transaction. */
export const tokenById: PreparedQuery<{ tokenId: string }, EnrolmentTokenRecord> = prepared((db, p) =>
  db.selectFrom('enrolment_tokens').select(enrolmentTokenColumns).where('token_id', '=', p.tokenId),
);

export interface EnrolmentTokenFilter {
  readonly service?: string | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface EnrolmentTokenPage {
  readonly items: readonly EnrolmentTokenRecord[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** Pages through the tokens, newest first. @throws PkiError `malformed` for what is no cursor. */
export async function listEnrolmentTokens(
  db: Kysely<Database>,
  { service, limit, cursor }: EnrolmentTokenFilter,
): Promise<EnrolmentTokenPage> {
  const { createdAt, tokenId } = cursor === undefined ? beforeAll : parseCursor(cursor);
  let query = db
    .selectFrom('enrolment_tokens')
    .select(enrolmentTokenColumns)
    .where((eb) => eb(eb.refTuple('created_at', 'token_id'), '<', eb.tuple(createdAt, tokenId)));
  if (service !== undefined) query = query.where('service_id', '=', service);
  const found = await query
    .orderBy('created_at', 'desc')
    .orderBy('token_id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return last === undefined || found.length <= limit ? { items } : { items, nextCursor: encodeCursor(last) };
}

/** The place before the newest. */
const beforeAll = { createdAt: Number.MAX_SAFE_INTEGER, tokenId: '' };

function encodeCursor({ createdAt, tokenId }: EnrolmentTokenRecord): string {
  return Buffer.from(`${createdAt}:${tokenId}`).toString('base64url');
}

function parseCursor(cursor: string): { createdAt: number; tokenId: string } {
  const [, time, tokenId] = /^(\d{1,15}):(tok_[0-9a-f]{32})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (tokenId === undefined) {
    throw new PkiError('malformed', 'The cursor belongs to another list.', { field: 'cursor' });
  }
  return { createdAt: Number(time), tokenId };
}
