import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { knownWebhook } from '../queries/webhooks.ts';

export interface ReplayDeliveriesInput {
  readonly webhookId: string;
  /** One delivery, dead or delivered; all dead ones when absent. */
  readonly deliveryId?: number | undefined;
  readonly now: number;
  readonly audit: AuditEvent;
}

export interface ReplayDeliveriesOutput {
  readonly replayed: number;
}

/**
 * Has deliveries that were given up tried anew, with all their tries before them.
 *
 * @throws PkiError `notFound` for an unknown or deleted webhook, and for a delivery that is not its own or still pending.
 */
export async function replayDeliveries(
  tx: LedgerTransaction,
  input: ReplayDeliveriesInput,
): Promise<ReplayDeliveriesOutput> {
  const { webhookId, deliveryId, now } = input;
  if ((await knownWebhook.first(tx.db, { webhookId })) === undefined) {
    throw new PkiError('notFound', `There is no webhook ${webhookId}.`);
  }
  const replayed =
    deliveryId === undefined
      ? await replayDead.run(tx.db, { webhookId, now })
      : await replayOne.run(tx.db, { webhookId, deliveryId, now });
  if (deliveryId !== undefined && replayed === 0) {
    throw new PkiError('notFound', `${webhookId} has no settled delivery ${deliveryId}.`);
  }
  tx.audit(input.audit);
  return { replayed };
}

const anew = { status: 'pending', attempts: 0, settled_at: null } as const;

const replayDead = prepared((db, p: { webhookId: string; now: number }) =>
  db
    .updateTable('webhook_deliveries')
    .set({ ...anew, due_at: p.now })
    .where('webhook_id', '=', p.webhookId)
    .where('status', '=', 'dead'),
);

const replayOne = prepared((db, p: { webhookId: string; deliveryId: number; now: number }) =>
  db
    .updateTable('webhook_deliveries')
    .set({ ...anew, due_at: p.now })
    .where('id', '=', p.deliveryId)
    .where('webhook_id', '=', p.webhookId)
    .where('status', '!=', 'pending'),
);
