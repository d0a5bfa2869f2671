import { Type } from 'typebox';
import type { EventDefinition } from './event.ts';

export const WebhookId = Type.String({
  description: 'Id of a webhook: wh_ and 20 hex digits.',
  pattern: '^wh_[0-9a-f]{20}$',
  maxLength: 23,
});

export const webhookEvents = {
  'webhook.test': {
    summary: 'An administrator has asked for it, to see whether deliveries arrive',
    subject: 'webhook_id',
    data: Type.Object({ webhook_id: WebhookId }, { additionalProperties: false }),
    example: { webhook_id: 'wh_5d0c1f9e7ab24c83d6e1' },
  },
} as const satisfies Readonly<Record<string, EventDefinition>>;
