import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { type KekGroupName, type KekGroupRecord, kekGroup, kekGroupMember } from '../../queries/kek-groups.ts';
import { changedGroup, recordEpoch, type SealedGroupKey } from './create-kek-group.ts';

export interface BeginKekGroupEpochInput extends KekGroupName {
  /** For which the key was sealed: the one behind the newest. */
  readonly epoch: number;
  /** None where the group is derived. */
  readonly key: SealedGroupKey | undefined;
  /** A member that leaves with the epoch before. */
  readonly without?: string | undefined;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Begins the next epoch of a group, and takes a member away in the same commit, so that nothing is ever encrypted under a
 * new key that somebody knows who is no member any more.
 *
 * @throws PkiError `notFound` for who is no member; `conflict` when another epoch has begun meanwhile.
 */
export async function beginKekGroupEpoch(
  tx: LedgerTransaction,
  input: BeginKekGroupEpochInput,
): Promise<KekGroupRecord> {
  const { epoch, without } = input;
  if (without !== undefined) {
    const member = { ...input, serviceId: without };
    if ((await kekGroupMember.first(tx.db, member)) === undefined) {
      throw new PkiError('notFound', `"${without}" is no member of the group.`);
    }
    await removeMember.run(tx.db, member);
  }
  const group = await kekGroup.first(tx.db, input);
  if (group?.epoch !== epoch - 1) {
    throw new PkiError('conflict', `The group is in epoch ${group?.epoch} already; look again.`);
  }
  await setEpoch.run(tx.db, input);
  await recordEpoch(tx, input);
  tx.audit({ ...input.audit, details: { ...input.audit.details, epoch } });
  return changedGroup(tx, input);
}

const removeMember = prepared((db, p: KekGroupName & { serviceId: string }) =>
  db
    .deleteFrom('kek_group_members')
    .where('line_id', '=', p.lineId)
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name)
    .where('service_id', '=', p.serviceId),
);

const setEpoch = prepared((db, p: KekGroupName & { epoch: number }) =>
  db
    .updateTable('kek_groups')
    .set({ epoch: p.epoch })
    .where('line_id', '=', p.lineId)
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name),
);
