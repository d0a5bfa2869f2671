import { PkiError } from '@vcc-pki/api';
import { notGranted } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import {
  type KekGroupRecord,
  type KekLineRecord,
  kekGroup,
  kekGroupMember,
  kekGroupMembers,
  listKekGroups,
  notAMember,
  type Store,
} from '../store/index.ts';
import { findLine, grantsOf } from './grants.ts';

/** What a group is named by on the wire. */
export interface GroupParams {
  /** Of the line, or of one of its versions. */
  readonly id: string;
  readonly tenant: string;
  readonly group: string;
}

/** Which groups of a line. */
export interface GroupFilter {
  readonly id: string;
  readonly tenant?: string | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface GroupPage {
  readonly items: readonly KekGroupRecord[];
  readonly nextCursor: string | null;
}

/** What the schema of a group allows. */
const mostMembers = 1_000;

/**
 * The line, for who may be given keys of groups of it.
 * @throws {@link PkiError} `notFound`; `forbidden` for who has neither `read` nor `write` and is no administrator.
 */
async function lineOfGroups(store: Store, requester: Requester, id: string): Promise<KekLineRecord> {
  const line = await findLine(store, id);
  if (requester.isAdmin) return line;
  await checkMayHold(store, requester, line);
  return line;
}

/** @throws {@link PkiError} `forbidden` for who has neither `read` nor `write`, whatever else it may. */
export async function checkMayHold(store: Store, requester: Requester, line: KekLineRecord): Promise<void> {
  const grants = await grantsOf(store, requester, { lineId: line.lineId, line: line.name });
  if (grants.includes('read') || grants.includes('write')) return;
  throw notGranted(`"${requester.serviceId}" may not have keys of the line ${line.name}`);
}

/**
 * A group with its members: all of them for an administrator, itself for a member.
 * @throws {@link PkiError} `notFound`; `forbidden` for who is neither, be there such a group or not.
 */
export async function findGroup(
  store: Store,
  requester: Requester,
  { id, tenant, group: name }: GroupParams,
): Promise<{ readonly group: KekGroupRecord; readonly members: readonly string[] }> {
  const { lineId } = await lineOfGroups(store, requester, id);
  const { serviceId } = requester;
  const isMember = (await kekGroupMember.first(store.read, { lineId, tenant, name, serviceId })) !== undefined;
  if (!isMember && !requester.isAdmin) throw notAMember(serviceId, name);
  const group = await kekGroup.first(store.read, { lineId, tenant, name });
  if (group === undefined) throw new PkiError('notFound', `the line has no group "${name}" of "${tenant}"`);
  return { group, members: requester.isAdmin ? await membersOf(store, group) : [serviceId] };
}

/** Every member of a group. */
export async function membersOf(store: Store, group: KekGroupRecord): Promise<readonly string[]> {
  const members = await kekGroupMembers.all(store.read, { ...group, limit: mostMembers });
  return members.map(({ serviceId }) => serviceId);
}

/** Lists the groups of a line that the requester may know of. @throws {@link PkiError} as {@link lineOfGroups}; `malformed` */
export async function listVisibleGroups(store: Store, requester: Requester, filter: GroupFilter): Promise<GroupPage> {
  const { lineId } = await lineOfGroups(store, requester, filter.id);
  const found = await listKekGroups(store.read, {
    ...{ lineId, tenant: filter.tenant, limit: filter.limit + 1 },
    serviceId: requester.isAdmin ? undefined : requester.serviceId,
    after: filter.cursor === undefined ? undefined : parseCursor(filter.cursor),
  });
  const items = found.slice(0, filter.limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && found.length > items.length ? encodeCursor(last) : null };
}

/** A tenant has no colon. */
function encodeCursor({ tenant, name }: KekGroupRecord): string {
  return Buffer.from(`${tenant}:${name}`).toString('base64url');
}

function parseCursor(cursor: string): { tenant: string; name: string } {
  const [, tenant, name] =
    /^([A-Za-z0-9._-]{1,64}):(.{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (tenant !== undefined && name !== undefined) return { tenant, name };
  throw new PkiError('malformed', 'the cursor is none of this list', { field: 'cursor' });
}
