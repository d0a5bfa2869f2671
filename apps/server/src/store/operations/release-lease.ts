import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface ReleaseLeaseInput {
  readonly name: string;
  readonly owner: string;
}

/** Gives a job back, so that another server need not wait for the lease's end; does nothing when another has it. */
export async function releaseLease(tx: LedgerTransaction, input: ReleaseLeaseInput): Promise<void> {
  await dropLease.run(tx.db, input);
}

const dropLease = prepared((db, p: ReleaseLeaseInput) =>
  db.deleteFrom('leases').where('name', '=', p.name).where('owner', '=', p.owner),
);
