import { randomBytes } from 'node:crypto';
import type { EventType, PkiEvent } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import { canonicalJson } from '../../audit/index.ts';
import type { Database } from '../database.ts';
import { preparedInsert } from '../prepared-insert.ts';
import { prepared } from '../prepared-query.ts';

/**
 * Writes the events of a batch that somebody wants, and a delivery to each of them. Costs one look-up for each type in
 * the batch while nobody does.
 */
export async function writeOutbox(db: Kysely<Database>, emitted: readonly PkiEvent[]): Promise<void> {
  for (const [type, events] of Map.groupBy(emitted, (event) => event.type)) {
    const subscribers = await subscribersOf.all(db, { type });
    if (subscribers.length > 0) await writeEvents(db, events, subscribers);
  }
}

/** Writes an event for one webhook alone, whatever it has subscribed to. @returns the id of the event. */
export async function writeEventFor(db: Kysely<Database>, event: PkiEvent, webhookId: string): Promise<string> {
  const [eventId = ''] = await writeEvents(db, [event], [{ webhook_id: webhookId }]);
  return eventId;
}

async function writeEvents(
  db: Kysely<Database>,
  events: readonly PkiEvent[],
  subscribers: readonly { readonly webhook_id: string }[],
): Promise<string[]> {
  const rows = events.map(({ type, subject, at, data }) => ({
    event_id: newEventId(),
    event_type: type,
    subject,
    occurred_at: at,
    data: canonicalJson(data),
  }));
  await insertEvents(db, rows);
  await insertDeliveries(
    db,
    rows.flatMap(({ event_id, occurred_at }) =>
      subscribers.map(({ webhook_id }) => ({
        webhook_id,
        event_id,
        status: 'pending' as const,
        due_at: occurred_at,
        created_at: occurred_at,
      })),
    ),
  );
  return rows.map(({ event_id }) => event_id);
}

/** 80 random bits: no two events of a cluster have the same id. */
function newEventId(): string {
  return `evt_${randomBytes(10).toString('hex')}`;
}

const subscribersOf = prepared((db, p: { type: EventType }) =>
  db.selectFrom('webhook_event_types').select('webhook_id').where('event_type', '=', p.type),
);

const insertEvents = preparedInsert('outbox_events', ['event_id', 'event_type', 'subject', 'occurred_at', 'data']);

const insertDeliveries = preparedInsert('webhook_deliveries', [
  'webhook_id',
  'event_id',
  'status',
  'due_at',
  'created_at',
]);
