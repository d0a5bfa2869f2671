import type { KekGroupMode } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { type KekGroupName, type KekGroupRecord, kekGroup } from '../../queries/kek-groups.ts';

/** The key of a group in one epoch, as the ledger keeps it. */
export interface SealedGroupKey {
  readonly rootId: string;
  readonly sealedKey: Uint8Array;
  readonly keyId: string;
}

export interface CreateKekGroupInput extends KekGroupName {
  readonly mode: KekGroupMode;
  /** Of epoch 1; none where the group is derived. */
  readonly key: SealedGroupKey | undefined;
  readonly now: number;
  readonly audit: AuditEvent;
}

/** Makes a group without members, in epoch 1. @throws PkiError `conflict` when there is one of that name. */
export async function createKekGroup(tx: LedgerTransaction, input: CreateKekGroupInput): Promise<KekGroupRecord> {
  if ((await kekGroup.first(tx.db, input)) !== undefined) {
    throw new PkiError('conflict', `The line has a group "${input.name}" of "${input.tenant}" already.`);
  }
  await insertGroup.run(tx.db, input);
  await recordEpoch(tx, { ...input, epoch: 1 });
  tx.audit(input.audit);
  return changedGroup(tx, input);
}

/** An epoch that begins. */
export interface GroupEpoch extends KekGroupName {
  readonly epoch: number;
  readonly key: SealedGroupKey | undefined;
  readonly now: number;
}

/** Writes an epoch down, with its key. */
export async function recordEpoch(tx: LedgerTransaction, { key, ...epoch }: GroupEpoch): Promise<void> {
  const { rootId = null, sealedKey = null, keyId = null } = key ?? {};
  await insertEpoch.run(tx.db, { ...epoch, rootId, sealedKey, keyId });
}

/**
 * Reads a group as it is now, and tells the readers of the feed that something about the groups of its line has changed:
 * not what, for everybody reads the feed.
 */
export async function changedGroup(
  tx: LedgerTransaction,
  name: KekGroupName & { readonly now: number },
): Promise<KekGroupRecord> {
  const group = await kekGroup.first(tx.db, name);
  if (group === undefined) throw new PkiError('serverInternal', 'a group is not there that was just written');
  const { line, lineId } = group;
  tx.publish({ event: 'keks', data: { line, line_id: lineId, groups: true }, at: name.now });
  return group;
}

const insertGroup = prepared((db, p: CreateKekGroupInput) =>
  db.insertInto('kek_groups').values({
    line_id: p.lineId,
    tenant: p.tenant,
    name: p.name,
    mode: p.mode,
    epoch: 1,
    created_at: p.now,
  }),
);

const insertEpoch = prepared(
  (
    db,
    p: KekGroupName & {
      epoch: number;
      rootId: string | null;
      sealedKey: Uint8Array | null;
      keyId: string | null;
      now: number;
    },
  ) =>
    db.insertInto('kek_group_epochs').values({
      line_id: p.lineId,
      tenant: p.tenant,
      name: p.name,
      epoch: p.epoch,
      root_id: p.rootId,
      sealed_key: p.sealedKey,
      key_id: p.keyId,
      started_at: p.now,
    }),
);
