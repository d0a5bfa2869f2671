import type { WebhookResource } from '@vcc-pki/api';
import { factsText } from './output.ts';

/** A subscription for people. */
export function webhookText(webhook: Omit<WebhookResource, 'pending' | 'dead'> & Partial<WebhookResource>): string {
  return factsText([
    ['webhook', webhook.webhook_id],
    ['url', webhook.url],
    ['description', webhook.description === '' ? undefined : webhook.description],
    ['events', webhook.event_types.join(', ')],
    ['status', webhook.status],
    ['since', webhook.created_at],
    ['waiting', webhook.pending === undefined ? undefined : String(webhook.pending)],
    ['given up', webhook.dead === undefined ? undefined : String(webhook.dead)],
  ]);
}
