import type { LedgerTransaction } from '../ledger/transaction.ts';

export interface RecordSeenInput {
  readonly serviceIds: readonly string[];
  /** When the last of them called. */
  readonly at: number;
}

/** Records that services have called, all of them with one statement. It is no change of theirs, and not told to anybody. */
export async function recordSeen(tx: LedgerTransaction, { serviceIds, at }: RecordSeenInput): Promise<void> {
  if (serviceIds.length === 0) return;
  await tx.db
    .updateTable('services')
    .set({ last_seen: at })
    .where('service_id', 'in', serviceIds)
    .where((eb) => eb.or([eb('last_seen', 'is', null), eb('last_seen', '<', at)]))
    .execute();
}
