import { randomBytes } from 'node:crypto';
import { type KekGroupMode, PkiError } from '@vcc-pki/api';
import { type GroupKeyName, groupKeyId, groupKeyLength } from '@vcc-pki/kek';
import type { Requester } from '../requester.ts';
import {
  type KekGroupName,
  type KekGroupRecord,
  kekGroup,
  newestKekRoot,
  type SealedGroupKey,
} from '../store/index.ts';
import { auditOf } from './audit-of.ts';
import type { KekDeps } from './deps.ts';

/** A group that is to be made. */
export interface NewGroup extends KekGroupName {
  /** Name of the line. */
  readonly line: string;
  readonly mode: KekGroupMode;
}

/** What a new epoch is begun for. */
export interface EpochCause {
  /** A member that leaves. */
  readonly without?: string;
  readonly comment?: string | undefined;
}

/** As often as others begin an epoch of the same group at the same time; more is somebody's mistake. */
const mostAttempts = 5;

/** Makes a group, with a random key where it is sealed. @throws {@link PkiError} `conflict`, `notReady` */
export async function createGroup(deps: KekDeps, requester: Requester, group: NewGroup): Promise<KekGroupRecord> {
  const { lineId, tenant, name, mode } = group;
  const now = deps.issuance.clock.now();
  return deps.issuance.store.ledger.submit('createKekGroup', {
    ...{ lineId, tenant, name, mode, now },
    key: await newKey(deps, mode, { line: group.line, tenant, group: name, epoch: 1 }),
    audit: { ...auditOf(requester, 'kek-group-create', now), details: { ...detailsOf(group), mode } },
  });
}

/** Adds a member, to whom the keys of all epochs are delivered from now on. @throws {@link PkiError} `quotaExceeded` */
export function addMember(
  { issuance }: KekDeps,
  requester: Requester,
  { group, serviceId }: { readonly group: KekGroupRecord; readonly serviceId: string },
): Promise<KekGroupRecord> {
  const { lineId, tenant, name } = group;
  const now = issuance.clock.now();
  return issuance.store.ledger.submit('addKekGroupMember', {
    ...{ lineId, tenant, name, serviceId, now },
    audit: {
      ...auditOf(requester, 'kek-group-add-member', now),
      details: { ...detailsOf(group), service_id: serviceId },
    },
  });
}

/**
 * Begins the next epoch of a group. The key is sealed for its epoch before the ledger is asked: where another one was
 * quicker, it is done again for the epoch behind that.
 * @throws {@link PkiError} `notFound` for who is no member, `conflict`, `notReady`
 */
export async function beginEpoch(
  deps: KekDeps,
  requester: Requester,
  { group, cause }: { readonly group: KekGroupRecord; readonly cause: EpochCause },
): Promise<KekGroupRecord> {
  const { store, clock } = deps.issuance;
  const { without, comment } = cause;
  const { line, lineId, tenant, name, mode } = group;
  for (let attempt = 1, before = group.epoch; ; attempt += 1) {
    const now = clock.now();
    const epoch = before + 1;
    try {
      return await store.ledger.submit('beginKekGroupEpoch', {
        ...{ lineId, tenant, name, epoch, without, now },
        key: await newKey(deps, mode, { line, tenant, group: name, epoch }),
        audit: {
          ...auditOf(requester, without === undefined ? 'kek-group-next-epoch' : 'kek-group-remove-member', now),
          details: {
            ...detailsOf(group),
            ...(without !== undefined && { service_id: without }),
            ...(comment !== undefined && { comment }),
          },
        },
      });
    } catch (error) {
      if (!(error instanceof PkiError && error.code === 'conflict') || attempt === mostAttempts) throw error;
      before = (await kekGroup.first(store.read, group))?.epoch ?? before;
    }
  }
}

/** A new random key, sealed for the ledger; none for a derived group. @throws {@link PkiError} `notReady` */
async function newKey(
  { vault, issuance }: KekDeps,
  mode: KekGroupMode,
  name: GroupKeyName,
): Promise<SealedGroupKey | undefined> {
  if (mode === 'derived') return undefined;
  // A server with another root than the rest would make a key that only it can open.
  const newest = await newestKekRoot.first(issuance.store.read, {});
  if (newest !== undefined) vault.checkRoot(newest.rootId);
  const key = new Uint8Array(randomBytes(groupKeyLength));
  try {
    return { rootId: vault.rootId, sealedKey: vault.seal(key, name), keyId: groupKeyId(key) };
  } finally {
    key.fill(0);
  }
}

function detailsOf({ line, tenant, name }: { line: string; tenant: string; name: string }) {
  return { line, tenant, group: name };
}
