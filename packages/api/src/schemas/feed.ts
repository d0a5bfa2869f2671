import { type Static, Type } from 'typebox';
import { ServiceId, Timestamp } from './fields.ts';

/** What can be asked for with `types`; `hello`, `reset` and `end` come in any case. */
export const feedEventTypes = ['service', 'revocation', 'keks'] as const;

const anyType = `(?:${feedEventTypes.join('|')})`;

export const FeedQuery = Type.Object(
  {
    types: Type.Optional(
      Type.String({
        description: `Only these events, with commas between: ${feedEventTypes.join(', ')}. Default: all.`,
        pattern: `^${anyType}(?:,${anyType})*$`,
        maxLength: 256,
      }),
    ),
  },
  { additionalProperties: false },
);
export type FeedQuery = Static<typeof FeedQuery>;

/** HTML standard s9.2.4; clients of event streams send it by themselves. */
export const FeedHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      description: 'The id of the last event that came; the feed goes on behind it.',
      pattern: '^[0-9]{1,15}$',
      maxLength: 15,
    }),
  ),
});
export type FeedHeaders = Static<typeof FeedHeaders>;

/** The first event of every feed. */
export const HelloEvent = Type.Object(
  {
    time: Timestamp,
    heartbeat_seconds: Type.Integer({ description: 'A comment comes at least so often.', minimum: 1 }),
    resumed: Type.Boolean({ description: 'Whether it goes on behind Last-Event-ID, with nothing left out.' }),
  },
  { title: 'HelloEvent' },
);
export type HelloEvent = Static<typeof HelloEvent>;

/** Data of the event `service`: something about a service has changed. */
export const ServiceEvent = Type.Object(
  {
    service_id: ServiceId,
    revision: Type.Integer({ description: 'As in the ETag of the service.', minimum: 0 }),
    status: Type.Enum(['active', 'degraded', 'down', 'retired'], { type: 'string' }),
    change: Type.Enum(['registered', 'updated', 'certificate', 'health', 'retired'], {
      type: 'string',
      description: 'What it was: certificate is a new current certificate, or the end of the one before.',
    }),
  },
  { title: 'ServiceEvent' },
);
export type ServiceEvent = Static<typeof ServiceEvent>;
