import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface ForgetDeliveriesInput {
  /** Settled before then. */
  readonly before: number;
  readonly limit: number;
}

export interface ForgetDeliveriesOutput {
  readonly forgotten: number;
}

/** Forgets deliveries that were settled long ago, and events that nobody waits for any more. */
export async function forgetDeliveries(
  tx: LedgerTransaction,
  { before, limit }: ForgetDeliveriesInput,
): Promise<ForgetDeliveriesOutput> {
  let forgotten = 0;
  for (const status of ['delivered', 'dead'] as const) {
    const rows = await settledBefore.all(tx.db, { status, before, limit: limit - forgotten });
    for (const row of rows) {
      await forget.run(tx.db, row);
      if ((await anyOfEvent.first(tx.db, row)) === undefined) await forgetEvent.run(tx.db, row);
    }
    forgotten += rows.length;
  }
  return { forgotten };
}

const settledBefore = prepared((db, p: { status: 'delivered' | 'dead'; before: number; limit: number }) =>
  db
    .selectFrom('webhook_deliveries')
    .select(['id', 'event_id as eventId'])
    .where('status', '=', p.status)
    .where('settled_at', '<', p.before)
    .orderBy('settled_at')
    .limit(p.limit),
);

const forget = prepared((db, p: { id: number }) => db.deleteFrom('webhook_deliveries').where('id', '=', p.id));

const anyOfEvent = prepared((db, p: { eventId: string }) =>
  db.selectFrom('webhook_deliveries').select('id').where('event_id', '=', p.eventId).limit(1),
);

const forgetEvent = prepared((db, p: { eventId: string }) =>
  db.deleteFrom('outbox_events').where('event_id', '=', p.eventId),
);
