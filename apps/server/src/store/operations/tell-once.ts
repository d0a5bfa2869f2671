import type { PkiEvent } from '@vcc-pki/api';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface TellOnceInput {
  /** Names what is told; the same is never told again, by whichever server. */
  readonly notice: string;
  readonly event: PkiEvent;
  readonly now: number;
}

export interface TellOnceOutput {
  /** False: it was told before. */
  readonly told: boolean;
}

/** Emits an event that many see and one is to tell. */
export async function tellOnce(tx: LedgerTransaction, input: TellOnceInput): Promise<TellOnceOutput> {
  if ((await remember.run(tx.db, input)) === 0) return { told: false };
  tx.emit(input.event);
  return { told: true };
}

const remember = prepared((db, p: { notice: string; now: number }) =>
  db
    .insertInto('rotation_notices')
    .values({ notice: p.notice, told_at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
);
