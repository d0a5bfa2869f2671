import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { RotationEntry } from '../rotation-entry.ts';

export interface Reschedule extends RotationEntry {
  readonly certificateId: string;
  readonly serviceId: string;
  /** It was renewed already. */
  readonly isReplaced: boolean;
}

export interface RescheduleRotationInput {
  readonly certificates: readonly Reschedule[];
  /** Given with the last of them: the rules by which all were scheduled. */
  readonly rules?: string | undefined;
}

/** Schedules certificates by new rules: those that have a row and those that were issued before there were rows. */
export async function rescheduleRotation(tx: LedgerTransaction, input: RescheduleRotationInput): Promise<void> {
  for (const { isReplaced, ...entry } of input.certificates) {
    await upsert.run(tx.db, {
      ...entry,
      dueAt: isReplaced ? null : entry.dueAt,
      status: isReplaced ? 'completed' : 'pending',
    });
  }
  if (input.rules !== undefined) await rememberRules.run(tx.db, { rules: input.rules });
}

type Row = Omit<Reschedule, 'isReplaced'> & { readonly status: 'pending' | 'completed' };

const upsert = prepared((db, p: Row) =>
  db
    .insertInto('rotation_schedule')
    .values({
      certificate_id: p.certificateId,
      service_id: p.serviceId,
      scheduled_renewal_date: p.windowStart,
      window_end: p.windowEnd,
      status: p.status,
      stage: 'quiet',
      due_at: p.dueAt,
      proof: 'none',
    })
    .onConflict((conflict) =>
      conflict
        .column('certificate_id')
        .doUpdateSet((eb) => ({
          scheduled_renewal_date: eb.ref('excluded.scheduled_renewal_date'),
          window_end: eb.ref('excluded.window_end'),
          due_at: eb.ref('excluded.due_at'),
        }))
        .where('rotation_schedule.status', '=', 'pending')
        .where('rotation_schedule.window_end', '!=', (eb) => eb.ref('excluded.window_end')),
    ),
);

const rememberRules = prepared((db, p: { rules: string }) =>
  db
    .insertInto('rotation_rules')
    .values({ id: 1, rules: p.rules })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ rules: eb.ref('excluded.rules') }))),
);
