import type { EventType } from '@vcc-pki/api';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';
import type { DeliveryStatus } from '../tables/webhooks.ts';

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
    .where(sql<SqlBool>`"delivery"."status" = 'pending'`)
    .where('delivery.due_at', '<=', p.now)
    .orderBy('delivery.due_at')
    .orderBy('delivery.id')
    .limit(p.limit),
);

/** A subscription. */
export interface WebhookRecord {
  readonly webhookId: string;
  readonly url: string;
  readonly description: string;
  /** Sealed; empty when it was deleted. */
  readonly secret: string;
  readonly status: 'active' | 'deleted';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly eventTypes: readonly EventType[];
}

const webhookColumns = [
  'webhook_id as webhookId',
  'url',
  'description',
  'secret',
  'status',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;

/** Every subscription there is; create-webhook.ts bounds their number. */
export async function activeWebhooks(db: Kysely<Database>): Promise<WebhookRecord[]> {
  const rows = await activeRows.all(db, {});
  return Promise.all(rows.map((row) => withTypes(db, row)));
}

/** A subscription, also a deleted one. */
export async function webhookById(db: Kysely<Database>, webhookId: string): Promise<WebhookRecord | undefined> {
  const row = await webhookRow.first(db, { webhookId });
  return row === undefined ? undefined : withTypes(db, row);
}

async function withTypes(db: Kysely<Database>, row: Omit<WebhookRecord, 'eventTypes'>): Promise<WebhookRecord> {
  const types = await typesOf.all(db, row);
  return { ...row, eventTypes: types.map(({ event_type }) => event_type) };
}

const activeRows = prepared((db, _: object) =>
  db.selectFrom('webhooks').select(webhookColumns).where('status', '=', 'active').orderBy('webhook_id'),
);

const webhookRow = prepared((db, p: { webhookId: string }) =>
  db.selectFrom('webhooks').select(webhookColumns).where('webhook_id', '=', p.webhookId),
);

const typesOf = prepared((db, p: { webhookId: string }) =>
  db.selectFrom('webhook_event_types').select('event_type').where('webhook_id', '=', p.webhookId).orderBy('event_type'),
);

/** Whether there is a subscription of that id, not a deleted one. */
export const knownWebhook = prepared((db, p: { webhookId: string }) =>
  db.selectFrom('webhooks').select('webhook_id').where('webhook_id', '=', p.webhookId).where('status', '=', 'active'),
);

/** How an event fares on its way to a webhook. */
export interface DeliveryRecord {
  readonly id: number;
  readonly eventId: string;
  readonly eventType: EventType;
  readonly subject: string;
  readonly status: DeliveryStatus;
  readonly dueAt: number;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

/** The deliveries of a webhook in one state, the newest first. */
export const listDeliveries = prepared<
  { webhookId: string; status: DeliveryStatus; before: number; limit: number },
  DeliveryRecord
>((db, p) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('outbox_events as event', 'event.event_id', 'delivery.event_id')
    .select([
      'delivery.id',
      'event.event_id as eventId',
      'event.event_type as eventType',
      'event.subject',
      'delivery.status',
      'delivery.due_at as dueAt',
      'delivery.attempts',
      'delivery.last_status as lastStatus',
      'delivery.last_error as lastError',
      'delivery.created_at as createdAt',
      'delivery.settled_at as settledAt',
    ])
    .where('delivery.webhook_id', '=', p.webhookId)
    .where('delivery.status', '=', p.status)
    .where('delivery.id', '<', p.before)
    .orderBy('delivery.id', 'desc')
    .limit(p.limit),
);

/** How much waits and how long. */
export interface OutboxDepth {
  readonly pending: number;
  readonly dead: number;
  /** When the longest waiting pending one was made. */
  readonly oldest: number | undefined;
}

/** Counts along an index, webhook by webhook; of one webhook when it is named. */
export async function outboxDepth(db: Kysely<Database>, webhookId?: string): Promise<OutboxDepth> {
  const ids = webhookId === undefined ? (await activeRows.all(db, {})).map((row) => row.webhookId) : [webhookId];
  let [pending, dead] = [0, 0];
  let oldest: number | undefined;
  for (const id of ids) {
    pending += Number((await countOf.first(db, { webhookId: id, status: 'pending' }))?.rows ?? 0);
    dead += Number((await countOf.first(db, { webhookId: id, status: 'dead' }))?.rows ?? 0);
    const first = (await firstPending.first(db, { webhookId: id }))?.created_at;
    if (first !== undefined) oldest = Math.min(oldest ?? first, first);
  }
  return { pending, dead, oldest };
}

const countOf = prepared((db, p: { webhookId: string; status: DeliveryStatus }) =>
  db
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('webhook_id', '=', p.webhookId)
    .where('status', '=', p.status),
);

const firstPending = prepared((db, p: { webhookId: string }) =>
  db
    .selectFrom('webhook_deliveries')
    .select('created_at')
    .where('webhook_id', '=', p.webhookId)
    .where('status', '=', 'pending')
    .orderBy('id')
    .limit(1),
);
