import { eventSchema, events } from './events/index.ts';
import type { CreatedWebhookResource, CreateWebhookBody, DeliveryPage, WebhookResource } from './schemas/webhooks.ts';

const webhook_id = 'wh_5d0c1f9e7ab24c83d6e1';

export const createWebhookExample: CreateWebhookBody = {
  url: 'https://alerts.vcc.local/pki',
  event_types: ['certificate.expiring', 'certificate.revoked', 'ca.expiring'],
  description: 'on-call',
};

const example = {
  ...createWebhookExample,
  description: 'on-call',
  webhook_id,
  status: 'active',
  created_at: '2026-11-23T08:00:00Z',
} as const;

export const createdWebhookExample: CreatedWebhookResource = {
  ...example,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
};

export const webhookExample: WebhookResource = { ...example, pending: 0, dead: 2 };

export const deliveryPageExample: DeliveryPage = {
  items: [
    {
      delivery_id: 17,
      event_id: 'evt_5d0c1f9e7ab24c83d6e1',
      event_type: 'certificate.revoked',
      subject: 'cert_veritas_backend_20261121_5d0c1f9e7ab24c83d6e1',
      status: 'dead',
      attempts: 12,
      last_status: 500,
      last_error: 'HTTP 500',
      created_at: '2026-11-23T08:00:00Z',
      settled_at: '2026-11-24T11:12:31Z',
    },
  ],
  next_cursor: null,
};

/** One whole event of a type, as it is delivered. */
export function eventExample(type: keyof typeof events) {
  const { example, subject } = events[type];
  const id = 'evt_5d0c1f9e7ab24c83d6e1';
  return { id, type, timestamp: '2026-11-23T08:00:00.000Z', subject: subjectOf(example, subject), data: example };
}

function subjectOf(data: unknown, name: string): unknown {
  return (data as Readonly<Record<string, unknown>>)[name];
}

export const eventTypeListExample = {
  items: [
    {
      type: 'certificate.expired' as const,
      summary: events['certificate.expired'].summary,
      schema: eventSchema('certificate.expired', events['certificate.expired'].data),
      example: eventExample('certificate.expired'),
    },
  ],
};
