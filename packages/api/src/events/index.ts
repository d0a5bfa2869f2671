import type { Static } from 'typebox';
import { authorityEvents } from './authority-events.ts';
import { certificateEvents } from './certificate-events.ts';
import type { EventDefinition } from './event.ts';
import { keyEvents } from './key-events.ts';
import { serviceEvents } from './service-events.ts';
import { webhookEvents } from './webhook-events.ts';

export { ExpiryStage } from './certificate-events.ts';
export { type EventDefinition, EventId, eventSchema } from './event.ts';

/** THE table of events, by type. Documented in `docs/webhooks.md`; a test holds the two together. */
const table = { ...certificateEvents, ...serviceEvents, ...authorityEvents, ...keyEvents, ...webhookEvents };

/** What can happen. */
export type EventType = keyof typeof table;

/** Every type, in the order of the documents. */
export const eventTypes = Object.keys(table) as [EventType, ...EventType[]];

export const events: Readonly<Record<EventType, EventDefinition>> = table;

/** The data of an event of one type. */
export type EventData<Type extends EventType> = Static<(typeof table)[Type]['data']>;

/** Something that has happened, before it has an id. */
export type PkiEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    /** Id of what it happened to. */
    readonly subject: string;
    readonly data: EventData<Type>;
    /** Milliseconds since the epoch. */
    readonly at: number;
  };
}[EventType];

/** Tells whether `text` is a type of this version of the table. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(table, text);
}
