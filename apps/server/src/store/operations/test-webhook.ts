import type { PkiEvent } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { writeEventFor } from '../ledger/write-outbox.ts';
import { knownWebhook } from '../queries/webhooks.ts';

export interface TestWebhookInput {
  readonly webhookId: string;
  readonly event: PkiEvent;
  readonly audit: AuditEvent;
}

export interface TestWebhookOutput {
  readonly eventId: string;
}

/** Has an event delivered to one webhook alone. @throws PkiError `notFound` for an unknown or deleted one. */
export async function testWebhook(
  tx: LedgerTransaction,
  { webhookId, event, audit }: TestWebhookInput,
): Promise<TestWebhookOutput> {
  if ((await knownWebhook.first(tx.db, { webhookId })) === undefined) {
    throw new PkiError('notFound', `There is no webhook ${webhookId}.`);
  }
  const eventId = await writeEventFor(tx.db, event, webhookId);
  tx.audit(audit);
  return { eventId };
}
