import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { numberSpaceOf, type PublishedCrl } from '../published-crl.ts';
import { newestOfScope } from '../queries/crls.ts';

export interface TakeCrlLeaseInput {
  readonly issuerId: string;
  readonly scope: string;
  /** Unique among all servers, and new with each start. */
  readonly owner: string;
  readonly now: number;
  /** When others may take it, if this server does not come back. */
  readonly leasedUntil: number;
}

export interface CrlLease {
  /** False: another server is at it, until `leasedUntil` at the latest. */
  readonly taken: boolean;
  readonly leasedUntil: number;
  /** The newest CRL of the scope at this moment. */
  readonly newest: PublishedCrl | undefined;
  /** What the next CRL is to be numbered. */
  readonly number: number;
}

/** Asks for the right to publish the next CRL of a scope. It ends with that publication, or is given back, or runs out. */
export async function takeCrlLease(tx: LedgerTransaction, input: TakeCrlLeaseInput): Promise<CrlLease> {
  const lease = { ...input, scope: leaseNameOf(input.scope) };
  const taken = (await compareAndSet.run(tx.db, lease)) > 0;
  const held = taken ? input : await currentLease.first(tx.db, lease);
  return {
    taken,
    leasedUntil: held?.leasedUntil ?? input.leasedUntil,
    newest: await newestOfScope.first(tx.db, input),
    // Never below the time in seconds: a ledger that was restored from a backup does not know the last numbers, and who has
    // seen them takes no CRL with a lower one (RFC 5280 s5.2.3).
    number: Math.max((await newestNumber(tx, input)) + 1, Math.floor(input.now / 1000)),
  };
}

/** Full and delta CRL share a lease, as they share their numbers. */
export function leaseNameOf(scope: string): string {
  return numberSpaceOf(scope)[0];
}

/** The newest number of the space that a scope takes its numbers from; 0 when there is none. */
export async function newestNumber(
  tx: LedgerTransaction,
  { issuerId, scope }: { readonly issuerId: string; readonly scope: string },
): Promise<number> {
  let newest = 0;
  for (const name of numberSpaceOf(scope)) {
    const crl = await newestOfScope.first(tx.db, { issuerId, scope: name });
    newest = Math.max(newest, crl?.number ?? 0);
  }
  return newest;
}

const compareAndSet = prepared((db, p: TakeCrlLeaseInput) =>
  db
    .insertInto('crl_leases')
    .values({ issuer_id: p.issuerId, scope: p.scope, owner: p.owner, leased_until: p.leasedUntil })
    .onConflict((conflict) =>
      conflict
        .columns(['issuer_id', 'scope'])
        .doUpdateSet((eb) => ({ owner: eb.ref('excluded.owner'), leased_until: eb.ref('excluded.leased_until') }))
        .where((eb) =>
          eb.or([eb('crl_leases.leased_until', '<=', p.now), eb('crl_leases.owner', '=', eb.ref('excluded.owner'))]),
        ),
    ),
);

const currentLease = prepared((db, p: { issuerId: string; scope: string }) =>
  db
    .selectFrom('crl_leases')
    .select('leased_until as leasedUntil')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope),
);
