import { Value } from 'typebox/value';
import { PkiError } from '../pki-error.ts';
import { eventSchema } from './event.ts';
import { type EventData, type EventType, events, isEventType } from './index.ts';

/** An event as a webhook receives it. */
export type DeliveredEvent = {
  readonly [Type in EventType]: {
    readonly id: string;
    readonly type: Type;
    readonly timestamp: string;
    readonly subject: string;
    readonly data: EventData<Type>;
  };
}[EventType];

/**
 * Reads the body of a webhook request, its signature already verified.
 * @throws {@link PkiError} `malformed` for a type that this version does not know, and for what does not fit its schema.
 */
export function parseEvent(body: unknown): DeliveredEvent {
  const type = (body as { readonly type?: unknown } | null)?.type;
  if (typeof type !== 'string' || !isEventType(type)) {
    throw new PkiError('malformed', 'the type of the event is unknown', { field: 'type' });
  }
  const [finding] = Value.Errors(eventSchema(type, events[type].data), body);
  if (finding === undefined) return body as DeliveredEvent;
  const field = finding.instancePath.slice(1).replaceAll('/', '.');
  throw new PkiError('malformed', `"${field}" ${finding.message}`, { field });
}
