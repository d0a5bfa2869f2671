import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { leaseNameOf } from './take-crl-lease.ts';

export interface ReleaseCrlLeaseInput {
  readonly issuerId: string;
  readonly scope: string;
  readonly owner: string;
}

/** Gives the right to publish back unused, so that another server need not wait for its end. */
export async function releaseCrlLease(tx: LedgerTransaction, input: ReleaseCrlLeaseInput): Promise<void> {
  await dropLease.run(tx.db, { ...input, scope: leaseNameOf(input.scope) });
}

/** Ends the lease of an owner; tells how many it had, 1 or 0. */
export const dropLease = prepared((db, p: ReleaseCrlLeaseInput) =>
  db
    .deleteFrom('crl_leases')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .where('owner', '=', p.owner),
);
