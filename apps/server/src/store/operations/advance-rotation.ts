import type { PkiEvent } from '@vcc-pki/api';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { RotationStage } from '../tables/rotation.ts';

/** What the scheduler decided about a row. */
export interface RotationStep {
  readonly certificateId: string;
  /** The row's `due_at` when it was read: if it is another by now, somebody else was faster. */
  readonly expectedDueAt: number;
  readonly dueAt: number | null;
  readonly stage: RotationStage;
  readonly reminders: number;
  /** What is to be told. */
  readonly event?: PkiEvent | undefined;
}

export interface AdvanceRotationInput {
  readonly steps: readonly RotationStep[];
  readonly now: number;
}

export interface AdvanceRotationOutput {
  /** The steps that were taken here, by certificate. */
  readonly taken: readonly string[];
}

/** Takes the steps of the scheduler: each once in a cluster, and nothing is told of a certificate renewed meanwhile. */
export async function advanceRotation(
  tx: LedgerTransaction,
  { steps, now }: AdvanceRotationInput,
): Promise<AdvanceRotationOutput> {
  const taken: string[] = [];
  for (const step of steps) {
    const { event } = step;
    if ((await takeStep.run(tx.db, { ...step, now })) === 0) continue;
    if (event !== undefined) {
      await markNotified.run(tx.db, step);
      tx.emit(event);
    }
    taken.push(step.certificateId);
  }
  return { taken };
}

const takeStep = prepared((db, p: Omit<RotationStep, 'event'> & { now: number }) =>
  db
    .updateTable('rotation_schedule')
    .set({ due_at: p.dueAt, stage: p.stage, reminders: p.reminders, last_check: p.now })
    .where('certificate_id', '=', p.certificateId)
    .where('status', '=', 'pending')
    .where('due_at', '=', p.expectedDueAt),
);

const markNotified = prepared((db, p: { certificateId: string }) =>
  db.updateTable('rotation_schedule').set({ notification_sent: 1 }).where('certificate_id', '=', p.certificateId),
);
