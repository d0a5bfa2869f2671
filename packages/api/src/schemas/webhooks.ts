import { type Static, Type } from 'typebox';
import { EventId } from '../events/event.ts';
import { eventTypes } from '../events/index.ts';
import { WebhookId } from '../events/webhook-events.ts';
import { Timestamp } from './fields.ts';
import { pageOf, pageQuery } from './page.ts';

const EventTypeName = Type.Enum(eventTypes, { type: 'string', description: 'Type of an event.' });

const Url = Type.String({
  description: 'Where events are sent: https, see docs/webhooks.md.',
  minLength: 1,
  maxLength: 2048,
});

const Description = Type.String({ description: 'What it is for, for people.', maxLength: 256 });

export const WebhookParams = Type.Object({ id: WebhookId }, { additionalProperties: false });

export const CreateWebhookBody = Type.Object(
  {
    url: Url,
    event_types: Type.Array(EventTypeName, {
      description: 'What is to be sent there.',
      minItems: 1,
      maxItems: 64,
      uniqueItems: true,
    }),
    description: Type.Optional(Description),
  },
  { title: 'CreateWebhookBody', description: 'A subscription to events.', additionalProperties: false },
);
export type CreateWebhookBody = Static<typeof CreateWebhookBody>;

const webhook = {
  webhook_id: WebhookId,
  url: Url,
  event_types: Type.Array(EventTypeName, { maxItems: 64 }),
  description: Description,
  status: Type.Enum(['active', 'deleted'], { type: 'string', description: 'A deleted one is shown for its history.' }),
  created_at: Timestamp,
};

export const WebhookResource = Type.Object(
  {
    ...webhook,
    pending: Type.Integer({ description: 'Deliveries that wait.', minimum: 0 }),
    dead: Type.Integer({ description: 'Deliveries that were given up and can be replayed.', minimum: 0 }),
  },
  { title: 'Webhook', description: 'A subscription and how its deliveries go.' },
);
export type WebhookResource = Static<typeof WebhookResource>;

export const CreatedWebhookResource = Type.Object(
  {
    ...webhook,
    secret: Type.String({
      description: 'Verifies the signatures (Standard Webhooks); shown here and never again.',
      pattern: '^whsec_[A-Za-z0-9+/]{42,86}={0,2}$',
      maxLength: 96,
    }),
  },
  { title: 'CreatedWebhook', description: 'A new subscription.' },
);
export type CreatedWebhookResource = Static<typeof CreatedWebhookResource>;

export const WebhookList = Type.Object(
  { items: Type.Array(WebhookResource, { maxItems: 100 }) },
  { title: 'WebhookList', description: 'Every subscription; there are 100 at most.' },
);

export const TestWebhookResource = Type.Object(
  { event_id: EventId },
  { title: 'TestWebhook', description: 'The event that is on its way; its delivery says whether it arrived.' },
);

const DeliveryStatus = Type.Enum(['pending', 'delivered', 'dead'], {
  type: 'string',
  description: 'pending: to be tried, perhaps again; dead: given up until it is replayed.',
});

export const ListDeliveriesQuery = Type.Object(
  { status: Type.Optional(DeliveryStatus), ...pageQuery },
  { additionalProperties: false },
);

const DeliveryId = Type.Integer({ description: 'Number of the delivery.', minimum: 1, maximum: 9_007_199_254_740_991 });

const DeliveryResource = Type.Object(
  {
    delivery_id: DeliveryId,
    event_id: EventId,
    event_type: EventTypeName,
    subject: Type.String({ description: 'What the event is about.', maxLength: 142 }),
    status: DeliveryStatus,
    attempts: Type.Integer({ description: 'How often it was tried.', minimum: 0 }),
    next_attempt: Type.Optional(Type.String({ ...Timestamp, description: 'When it is tried next; of pending ones.' })),
    last_status: Type.Optional(Type.Integer({ description: 'HTTP status of the last try.' })),
    last_error: Type.Optional(Type.String({ description: 'What went wrong at the last try.', maxLength: 256 })),
    created_at: Timestamp,
    settled_at: Type.Optional(Type.String({ ...Timestamp, description: 'When it was delivered or given up.' })),
  },
  { title: 'Delivery', description: 'One event on its way to one webhook.' },
);
export type DeliveryResource = Static<typeof DeliveryResource>;

export const DeliveryPage = pageOf(DeliveryResource, { title: 'DeliveryPage', description: 'Newest first.' });
export type DeliveryPage = Static<typeof DeliveryPage>;

export const ReplayDeliveriesBody = Type.Object(
  { delivery_id: Type.Optional(DeliveryId) },
  {
    title: 'ReplayDeliveriesBody',
    description: 'One delivery, or without a member all dead ones.',
    additionalProperties: false,
  },
);

export const ReplayedResource = Type.Object(
  { replayed: Type.Integer({ description: 'How many are tried anew.', minimum: 0 }) },
  { title: 'Replayed', description: 'What a replay did.' },
);

export const EventTypeList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        type: EventTypeName,
        summary: Type.String({ maxLength: 256 }),
        schema: Type.Unknown({ description: 'JSON Schema 2020-12 of the whole event.' }),
        example: Type.Unknown({ description: 'An event that fits it.' }),
      }),
      { maxItems: 64 },
    ),
  },
  { title: 'EventTypeList', description: 'What can be subscribed to.' },
);
