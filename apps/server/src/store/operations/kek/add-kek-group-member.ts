import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { type KekGroupName, type KekGroupRecord, kekGroupMember, kekGroupMembers } from '../../queries/kek-groups.ts';
import { changedGroup } from './create-kek-group.ts';

export interface AddKekGroupMemberInput extends KekGroupName {
  readonly serviceId: string;
  readonly now: number;
  readonly audit: AuditEvent;
}

/** What the schema of a group allows. */
const maxMembers = 1_000;

/** Adds a service to a group; one that is there stays, and nothing is audited. @throws PkiError `quotaExceeded` */
export async function addKekGroupMember(tx: LedgerTransaction, input: AddKekGroupMemberInput): Promise<KekGroupRecord> {
  if ((await kekGroupMember.first(tx.db, input)) === undefined) {
    const members = await kekGroupMembers.all(tx.db, { ...input, limit: maxMembers });
    if (members.length >= maxMembers) {
      throw new PkiError('quotaExceeded', `The group has ${maxMembers} members already.`);
    }
    await insertMember.run(tx.db, input);
    tx.audit(input.audit);
  }
  return changedGroup(tx, input);
}

const insertMember = prepared((db, p: AddKekGroupMemberInput) =>
  db.insertInto('kek_group_members').values({
    line_id: p.lineId,
    tenant: p.tenant,
    name: p.name,
    service_id: p.serviceId,
    added_at: p.now,
  }),
);
