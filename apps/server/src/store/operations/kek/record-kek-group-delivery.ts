import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { type KekGroupName, type KekGroupRecord, kekGroup, kekGroupMember } from '../../queries/kek-groups.ts';
import type { SealedGroupKey } from './create-kek-group.ts';
import { type RatedDelivery, takeFromDeliveryRate } from './take-from-delivery-rate.ts';

export interface RecordKekGroupDeliveryInput extends KekGroupName, RatedDelivery {
  readonly epoch: number;
  readonly audit: AuditEvent;
}

export interface RecordKekGroupDeliveryOutput {
  readonly group: KekGroupRecord;
  readonly key: SealedGroupKey;
}

/**
 * Records that a service is given the key of a group in an epoch, before it is. Who was removed gets none: whether it is a
 * member is asked in the same commit.
 *
 * @throws PkiError `forbidden` for who is no member, be there such a group or not; `conflict` for a derived one; `notFound`
 *   for an epoch that has not been; `rateLimited`.
 */
export async function recordKekGroupDelivery(
  tx: LedgerTransaction,
  input: RecordKekGroupDeliveryInput,
): Promise<RecordKekGroupDeliveryOutput> {
  const { serviceId, name, epoch } = input;
  const group = await kekGroup.first(tx.db, input);
  if (group === undefined || (await kekGroupMember.first(tx.db, input)) === undefined) {
    throw notAMember(serviceId, name);
  }
  if (group.mode !== 'sealed') throw new PkiError('conflict', `The key of "${name}" is derived from the KEK.`);
  const key = await keyOfEpoch.first(tx.db, input);
  if (key === undefined) throw new PkiError('notFound', `"${name}" has no epoch ${epoch}.`);
  const { rootId, sealedKey, keyId } = key;
  if (rootId === null || sealedKey === null || keyId === null) {
    throw new PkiError('serverInternal', `epoch ${epoch} of the sealed group "${name}" has no key`);
  }
  await takeFromDeliveryRate(tx, input);
  tx.audit(input.audit);
  return { group, key: { rootId, sealedKey, keyId } };
}

/** The refusal of a group to who is no member of it. */
export function notAMember(serviceId: string, group: string): PkiError {
  return new PkiError('forbidden', `"${serviceId}" is no member of the group "${group}"`, {
    advice: 'Ask an administrator to add the service to the group: vcc-pki kek group add-member.',
  });
}

const keyOfEpoch = prepared((db, p: KekGroupName & { epoch: number }) =>
  db
    .selectFrom('kek_group_epochs')
    .select(['root_id as rootId', 'sealed_key as sealedKey', 'key_id as keyId'])
    .where('line_id', '=', p.lineId)
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name)
    .where('epoch', '=', p.epoch),
);
