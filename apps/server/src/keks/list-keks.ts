import { type KekGrant, type KekState, PkiError } from '@vcc-pki/api';
import { notGranted } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import { type KekRecord, kekId, kekNumber, listKeks as keksOf, type Store } from '../store/index.ts';
import { findLine, grantsOf, linesOf } from './grants.ts';

/** Which versions; all given members must hold. */
export interface KekFilter {
  readonly line?: string | undefined;
  readonly state?: KekState | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface KekPage {
  readonly items: readonly { readonly kek: KekRecord; readonly grants: readonly KekGrant[] }[];
  readonly nextCursor: string | null;
}

/**
 * Lists the versions that the requester may know of, newest first: those of lines on which there is a grant, an
 * administrator's all.
 * @throws {@link PkiError} `malformed` for a cursor of another list; `notFound` and `forbidden` for a line.
 */
export async function listVisibleKeks(store: Store, requester: Requester, filter: KekFilter): Promise<KekPage> {
  const before = filter.cursor === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(filter.cursor);
  const lineIds = await visibleLines(store, requester, filter.line);
  const limit = filter.limit + 1;
  const found: KekRecord[] = [];
  for (const lineId of lineIds) found.push(...(await walk(store, { lineId, before, limit, state: filter.state })));
  const sorted = found.sort((a, b) => b.number - a.number);
  const page = sorted.slice(0, filter.limit);
  const grants = new Map<number, readonly KekGrant[]>();
  for (const kek of page) {
    if (!grants.has(kek.lineId)) grants.set(kek.lineId, await grantsOf(store, requester, kek));
  }
  const last = page.at(-1);
  return {
    items: page.map((kek) => ({ kek, grants: grants.get(kek.lineId) ?? [] })),
    nextCursor: last !== undefined && sorted.length > page.length ? encodeCursor(last.number) : null,
  };
}

/** `undefined` stands for all lines at once. */
async function visibleLines(
  store: Store,
  requester: Requester,
  name: string | undefined,
): Promise<readonly (number | undefined)[]> {
  if (name === undefined) {
    return requester.isAdmin ? [undefined] : (await linesOf(store, requester)).map(({ lineId }) => lineId);
  }
  const line = await findLine(store, name);
  const grants = await grantsOf(store, requester, { lineId: line.lineId, line: line.name });
  if (grants.length > 0 || requester.isAdmin) return [line.lineId];
  throw notGranted(`"${requester.serviceId}" has no grant on the line ${name}`);
}

/** Walks on past those in other states, until there are enough or no more. */
async function walk(
  { read }: Store,
  filter: { lineId: number | undefined; before: number; limit: number; state: KekState | undefined },
): Promise<KekRecord[]> {
  const found: KekRecord[] = [];
  for (let before = filter.before; found.length < filter.limit; ) {
    const rows = await keksOf(read, { lineId: filter.lineId, before, limit: filter.limit });
    found.push(...rows.filter(({ state }) => filter.state === undefined || state === filter.state));
    const last = rows.at(-1);
    if (last === undefined || rows.length < filter.limit) break;
    before = last.number;
  }
  return found.slice(0, filter.limit);
}

function encodeCursor(number: number): string {
  return Buffer.from(kekId(number)).toString('base64url');
}

function parseCursor(cursor: string): number {
  const number = kekNumber(Buffer.from(cursor, 'base64url').toString());
  if (number === undefined) throw new PkiError('malformed', 'the cursor is none of this list', { field: 'cursor' });
  return number;
}
