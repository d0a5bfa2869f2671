import { randomBytes } from 'node:crypto';
import {
  type CreatedWebhookResource,
  type DeliveryResource,
  eventExample,
  eventSchema,
  events,
  eventTypes,
  PkiError,
  type WebhookResource,
} from '@vcc-pki/api';
import type { AuditEvent, JsonObject } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { OutboundPolicy } from '../../policy/index.ts';
import type { Requester } from '../../requester.ts';
import {
  activeWebhooks,
  type DeliveryRecord,
  listDeliveries,
  outboxDepth,
  type Store,
  type WebhookRecord,
  webhookById,
} from '../../store/index.ts';
import type { SecretBox } from '../../webhooks/secret-box.ts';
import { secretLength, secretText } from '../../webhooks/sign-delivery.ts';
import type { Handlers } from '../call.ts';
import { wireTime } from './certificate-resource.ts';

export interface WebhookRouteDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly outbound: OutboundPolicy;
  /** Seals the secrets of webhooks. */
  readonly box: SecretBox;
}

type Ids =
  | 'createWebhook'
  | 'listWebhooks'
  | 'getWebhook'
  | 'deleteWebhook'
  | 'testWebhook'
  | 'listDeliveries'
  | 'replayDeliveries'
  | 'listEventTypes';

/** Subscriptions to events, for administrators. */
export function webhookHandlers({ store, clock, outbound, box }: WebhookRouteDeps): Handlers<Ids> {
  return {
    createWebhook: async ({ requester, body }) => {
      outbound.checkUrl(body.url, 'url');
      const now = clock.now();
      const webhookId = `wh_${randomBytes(10).toString('hex')}`;
      const secret = randomBytes(secretLength);
      const { url, event_types: types, description = '' } = body;
      const details = { webhook_id: webhookId, url, event_types: types };
      const audit = auditOf(requester, now, { action: 'webhook-create', details });
      const webhook = {
        webhookId,
        url,
        description,
        eventTypes: types,
        secret: box.seal(webhookId, secret),
        now,
        audit,
      };
      await store.ledger.submit('createWebhook', webhook);
      const created = { ...webhook, status: 'active', createdAt: now, updatedAt: now } as const;
      const resource: CreatedWebhookResource = { ...facts(created), secret: secretText(secret) };
      return resource;
    },

    listWebhooks: async () => {
      const webhooks = await activeWebhooks(store.read);
      return { items: await Promise.all(webhooks.map((webhook) => toResource(store, webhook))) };
    },

    getWebhook: async ({ params }) => toResource(store, await find(store, params.id)),

    deleteWebhook: async ({ requester, params }) => {
      const now = clock.now();
      const audit = auditOf(requester, now, { action: 'webhook-delete', details: { webhook_id: params.id } });
      await store.ledger.submit('deleteWebhook', { webhookId: params.id, now, audit });
      return toResource(store, await find(store, params.id));
    },

    testWebhook: async ({ requester, params }) => {
      const now = clock.now();
      const { eventId } = await store.ledger.submit('testWebhook', {
        webhookId: params.id,
        event: { type: 'webhook.test', subject: params.id, data: { webhook_id: params.id }, at: now },
        audit: auditOf(requester, now, { action: 'webhook-test', details: { webhook_id: params.id } }),
      });
      return { event_id: eventId };
    },

    listDeliveries: async ({ params, query }) => {
      const { webhookId } = await find(store, params.id);
      const limit = query.limit ?? 50;
      const rows = await listDeliveries.all(store.read, {
        webhookId,
        status: query.status ?? 'dead',
        before: query.cursor === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(query.cursor),
        // One more tells whether there is a next page.
        limit: limit + 1,
      });
      const last = rows[limit - 1];
      return {
        items: rows.slice(0, limit).map(toDelivery),
        next_cursor: rows.length > limit && last !== undefined ? formatCursor(last) : null,
      };
    },

    replayDeliveries: async ({ requester, params, body }) => {
      const now = clock.now();
      const details = { webhook_id: params.id, delivery_id: body.delivery_id };
      return store.ledger.submit('replayDeliveries', {
        ...{ webhookId: params.id, deliveryId: body.delivery_id, now },
        audit: auditOf(requester, now, { action: 'webhook-replay', details }),
      });
    },

    listEventTypes: () => ({
      items: eventTypes.map((type) => ({
        type,
        summary: events[type].summary,
        schema: eventSchema(type, events[type].data),
        example: eventExample(type),
      })),
    }),
  };
}

async function find(store: Store, webhookId: string): Promise<WebhookRecord> {
  const webhook = await webhookById(store.read, webhookId);
  if (webhook === undefined) throw new PkiError('notFound', `there is no webhook ${webhookId}`);
  return webhook;
}

async function toResource(store: Store, webhook: WebhookRecord): Promise<WebhookResource> {
  const { pending, dead } = await outboxDepth(store.read, webhook.webhookId);
  return { ...facts(webhook), pending, dead };
}

function facts(webhook: WebhookRecord): Omit<WebhookResource, 'pending' | 'dead'> {
  return {
    webhook_id: webhook.webhookId,
    url: webhook.url,
    event_types: [...webhook.eventTypes],
    description: webhook.description,
    status: webhook.status,
    created_at: wireTime(webhook.createdAt),
  };
}

function toDelivery(row: DeliveryRecord): DeliveryResource {
  return {
    delivery_id: row.id,
    event_id: row.eventId,
    event_type: row.eventType,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    ...(row.status === 'pending' && { next_attempt: wireTime(row.dueAt) }),
    ...(row.lastStatus !== null && { last_status: row.lastStatus }),
    ...(row.lastError !== null && { last_error: row.lastError }),
    created_at: wireTime(row.createdAt),
    ...(row.settledAt !== null && { settled_at: wireTime(row.settledAt) }),
  };
}

function formatCursor({ id }: DeliveryRecord): string {
  return Buffer.from(String(id)).toString('base64url');
}

function parseCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{1,15}$/.test(text)) throw new PkiError('malformed', 'the cursor is not one of ours', { field: 'cursor' });
  return Number(text);
}

function auditOf(
  requester: Requester,
  now: number,
  { action, details }: { readonly action: string; readonly details: JsonObject },
): AuditEvent {
  return {
    timestamp: now,
    requestId: requester.requestId,
    serviceId: requester.serviceId,
    action,
    certificateId: null,
    clientIp: requester.clientIp,
    clientCertFingerprint: requester.fingerprint,
    status: 'success',
    details,
  };
}
