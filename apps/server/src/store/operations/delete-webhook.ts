import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface DeleteWebhookInput {
  readonly webhookId: string;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Ends a subscription. Its row stays for the history; its secret goes. What was on the way to it is given up.
 *
 * @throws PkiError `notFound` when there is none, or no longer.
 */
export async function deleteWebhook(tx: LedgerTransaction, input: DeleteWebhookInput): Promise<void> {
  if ((await markDeleted.run(tx.db, input)) === 0) {
    throw new PkiError('notFound', `There is no webhook ${input.webhookId}.`);
  }
  await unsubscribe.run(tx.db, input);
  await giveUp.run(tx.db, input);
  tx.audit(input.audit);
}

const markDeleted = prepared((db, p: DeleteWebhookInput) =>
  db
    .updateTable('webhooks')
    .set({ status: 'deleted', secret: '', updated_at: p.now })
    .where('webhook_id', '=', p.webhookId)
    .where('status', '=', 'active'),
);

const unsubscribe = prepared((db, p: DeleteWebhookInput) =>
  db.deleteFrom('webhook_event_types').where('webhook_id', '=', p.webhookId),
);

const giveUp = prepared((db, p: DeleteWebhookInput) =>
  db
    .updateTable('webhook_deliveries')
    .set({ status: 'dead', last_error: 'the webhook was deleted', settled_at: p.now })
    .where('webhook_id', '=', p.webhookId)
    .where('status', '=', 'pending'),
);
