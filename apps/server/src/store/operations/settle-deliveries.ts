import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { DeliveryStatus } from '../tables/webhooks.ts';

/** How a try to deliver went. */
export interface DeliveryResult {
  readonly id: number;
  readonly status: DeliveryStatus;
  /** When to try again. */
  readonly dueAt: number;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

export interface SettleDeliveriesInput {
  readonly results: readonly DeliveryResult[];
  readonly now: number;
}

/** Records tries. One of a delivery that was settled meanwhile (its webhook is deleted) changes nothing. */
export async function settleDeliveries(tx: LedgerTransaction, { results, now }: SettleDeliveriesInput): Promise<void> {
  for (const result of results) {
    await settle.run(tx.db, { ...result, settledAt: result.status === 'pending' ? null : now });
  }
}

const settle = prepared((db, p: DeliveryResult & { settledAt: number | null }) =>
  db
    .updateTable('webhook_deliveries')
    .set({
      status: p.status,
      due_at: p.dueAt,
      attempts: p.attempts,
      last_status: p.lastStatus,
      last_error: p.lastError,
      settled_at: p.settledAt,
    })
    .where('id', '=', p.id)
    .where('status', '=', 'pending'),
);
