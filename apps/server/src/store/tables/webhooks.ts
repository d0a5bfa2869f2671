import type { EventType } from '@vcc-pki/api';
import type { Generated } from 'kysely';

/** Who wants to be told. A webhook that was deleted keeps its row, for the history of its deliveries. */
export interface WebhooksTable {
  webhook_id: string;
  url: string;
  description: string;
  /** Signs what is delivered; encrypted, see webhooks/secret-box.ts. */
  secret: string;
  status: 'active' | 'deleted';
  created_at: number;
  updated_at: number;
}

/** Which events an active webhook wants; a row per type, so that emitting looks one type up. */
export interface WebhookEventTypesTable {
  event_type: EventType;
  webhook_id: string;
}

/** Events that somebody wants, each once, written in the commit of what they tell of. */
export interface OutboxEventsTable {
  /** `evt_` and a random part; what receivers know a repetition by. */
  event_id: string;
  event_type: EventType;
  subject: string;
  occurred_at: number;
  /** Canonical JSON. */
  data: string;
}

/** `pending`: to be delivered at `due_at`. `dead`: given up, until somebody replays it. */
export type DeliveryStatus = 'pending' | 'delivered' | 'dead';

/** One event on its way to one webhook. */
export interface WebhookDeliveriesTable {
  id: Generated<number>;
  webhook_id: string;
  event_id: string;
  status: DeliveryStatus;
  /** Not before; of a delivery that is no longer pending what it was last. */
  due_at: number;
  /** How often it was tried. */
  attempts: Generated<number>;
  /** Of the last try: HTTP status, if there was one. */
  last_status: number | null;
  /** Of the last try: what went wrong. */
  last_error: string | null;
  created_at: number;
  /** When it was delivered, or given up. */
  settled_at: number | null;
}
