import type { EventType } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { preparedInsert } from '../prepared-insert.ts';
import { prepared } from '../prepared-query.ts';

export interface CreateWebhookInput {
  readonly webhookId: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly EventType[];
  /** Encrypted. */
  readonly secret: string;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * So many subscriptions at most. Each is a delivery more for every event, in the commit of what it tells of, so it is a
 * bound of the cost of issuing.
 */
const maxWebhooks = 100;

/**
 * Subscribes: from this commit on, every event of these types is delivered there.
 *
 * @throws PkiError `conflict` when there are as many as there may be.
 */
export async function createWebhook(tx: LedgerTransaction, input: CreateWebhookInput): Promise<void> {
  const active = await activeWebhooks.all(tx.db, { limit: maxWebhooks });
  if (active.length >= maxWebhooks) {
    throw new PkiError('conflict', `There are ${maxWebhooks} webhooks already; delete one first.`);
  }
  await insertWebhook.run(tx.db, input);
  await insertEventTypes(
    tx.db,
    [...new Set(input.eventTypes)].map((event_type) => ({ event_type, webhook_id: input.webhookId })),
  );
  tx.audit(input.audit);
}

const activeWebhooks = prepared((db, p: { limit: number }) =>
  db.selectFrom('webhooks').select('webhook_id').where('status', '=', 'active').limit(p.limit),
);

const insertWebhook = prepared((db, p: CreateWebhookInput) =>
  db.insertInto('webhooks').values({
    webhook_id: p.webhookId,
    url: p.url,
    description: p.description,
    secret: p.secret,
    status: 'active',
    created_at: p.now,
    updated_at: p.now,
  }),
);

const insertEventTypes = preparedInsert('webhook_event_types', ['event_type', 'webhook_id']);
