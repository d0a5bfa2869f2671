import type { EventType } from '@vcc-pki/api';
import { prepared } from '../prepared-query.ts';

/** An event on its way to a webhook. */
export interface DueDelivery {
  readonly id: number;
  readonly attempts: number;
  readonly eventId: string;
  readonly eventType: EventType;
  readonly subject: string;
  readonly occurredAt: number;
  /** JSON text. */
  readonly data: string;
}

/** What a webhook has waiting by now, the longest waiting first. */
export const dueDeliveries = prepared<{ webhookId: string; now: number; limit: number }, DueDelivery>((db, p) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('outbox_events as event', 'event.event_id', 'delivery.event_id')
    .select([
      'delivery.id',
      'delivery.attempts',
      'event.event_id as eventId',
      'event.event_type as eventType',
      'event.subject',
      'event.occurred_at as occurredAt',
      'event.data',
    ])
    .where('delivery.webhook_id', '=', p.webhookId)
    .where('delivery.status', '=', 'pending')
    .where('delivery.due_at', '<=', p.now)
    .orderBy('delivery.due_at')
    .orderBy('delivery.id')
    .limit(p.limit),
);
