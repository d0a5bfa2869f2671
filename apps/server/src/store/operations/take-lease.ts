import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface TakeLeaseInput {
  /** What there is one of in a cluster, such as `rotation`. */
  readonly name: string;
  /** Unique among all servers, and new with each start. */
  readonly owner: string;
  readonly now: number;
  /** After so many milliseconds others may take it, if this server does not come back. */
  readonly leaseMs: number;
}

export interface Lease {
  /** False: another server is at it, until `leasedUntil` at the latest. */
  readonly taken: boolean;
  readonly leasedUntil: number;
}

/**
 * Asks for the right to do a job that is done once in a cluster, or for more time with it. It is given back by
 * `releaseLease`, or runs out, so that the job goes on elsewhere when its owner dies.
 */
export async function takeLease(tx: LedgerTransaction, input: TakeLeaseInput): Promise<Lease> {
  const leasedUntil = input.now + input.leaseMs;
  if ((await compareAndSet.run(tx.db, { ...input, leasedUntil })) > 0) return { taken: true, leasedUntil };
  const held = await currentLease.first(tx.db, input);
  return { taken: false, leasedUntil: held?.leasedUntil ?? leasedUntil };
}

const compareAndSet = prepared((db, p: { name: string; owner: string; now: number; leasedUntil: number }) =>
  db
    .insertInto('leases')
    .values({ name: p.name, owner: p.owner, leased_until: p.leasedUntil })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({ owner: eb.ref('excluded.owner'), leased_until: eb.ref('excluded.leased_until') }))
        .where((eb) =>
          eb.or([eb('leases.leased_until', '<=', p.now), eb('leases.owner', '=', eb.ref('excluded.owner'))]),
        ),
    ),
);

const currentLease = prepared((db, p: { name: string }) =>
  db.selectFrom('leases').select('leased_until as leasedUntil').where('name', '=', p.name),
);
