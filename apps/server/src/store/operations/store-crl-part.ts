import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface StoreCrlPartInput {
  readonly issuerId: string;
  readonly scope: string;
  readonly number: number;
  /** From 0. */
  readonly part: number;
  readonly der: Uint8Array;
  /** Of how many of the newest CRLs of the scope the DER stays. */
  readonly keep: number;
}

/** More than one, so that parts never pile up; few, because to delete a mebibyte is as much work as to write it. */
const droppedAtOnce = 2;

/**
 * Writes one part of a CRL that is about to be published. Large CRLs come in parts, each in a commit of its own, so that
 * nobody waits for all of them, and takes outdated ones along in the same measure; what an attempt that failed has left is
 * written over.
 */
export async function storeCrlPart(tx: LedgerTransaction, input: StoreCrlPartInput): Promise<void> {
  await writePart.run(tx.db, input);
  const oldestKept = await keptNumber.first(tx.db, { ...input, offset: input.keep - 1 });
  if (oldestKept === undefined) return;
  const outdated = await outdatedParts.all(tx.db, { ...input, number: oldestKept.number, limit: droppedAtOnce });
  for (const { number, part } of outdated) await dropPart.run(tx.db, { ...input, number, part });
}

const keptNumber = prepared((db, p: { issuerId: string; scope: string; offset: number }) =>
  db
    .selectFrom('published_crls')
    .select('number')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .orderBy('number', 'desc')
    .limit(1)
    .offset(p.offset),
);

const outdatedParts = prepared((db, p: { issuerId: string; scope: string; number: number; limit: number }) =>
  db
    .selectFrom('published_crl_parts')
    .select(['number', 'part'])
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .where('number', '<', p.number)
    .orderBy('number')
    .orderBy('part')
    .limit(p.limit),
);

const dropPart = prepared((db, p: { issuerId: string; scope: string; number: number; part: number }) =>
  db
    .deleteFrom('published_crl_parts')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .where('number', '=', p.number)
    .where('part', '=', p.part),
);

const writePart = prepared((db, p: StoreCrlPartInput) =>
  db
    .insertInto('published_crl_parts')
    .values({ issuer_id: p.issuerId, scope: p.scope, number: p.number, part: p.part, der: p.der })
    .onConflict((conflict) =>
      conflict.columns(['issuer_id', 'scope', 'number', 'part']).doUpdateSet((eb) => ({ der: eb.ref('excluded.der') })),
    ),
);
