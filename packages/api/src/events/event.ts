import { type TSchema, Type } from 'typebox';
import { Timestamp } from '../schemas/fields.ts';

/** One row of the table of events: what a type means and what its data looks like. */
export interface EventDefinition {
  /** When it happens, in half a sentence. */
  readonly summary: string;
  /** What `subject` names. */
  readonly subject: 'certificate_id' | 'service_id' | 'issuer_id' | 'kek_id' | 'webhook_id';
  /** Schema of `data`. */
  readonly data: TSchema;
  /** Data that fits it. */
  readonly example: unknown;
}

export const EventId = Type.String({
  description: 'Unique; a repeated delivery of the same event has the same id.',
  pattern: '^evt_[a-z0-9]{16,40}$',
  maxLength: 44,
});

/** The schema of a whole event as it is delivered: the envelope around the data of one type. */
export function eventSchema(type: string, data: TSchema) {
  return Type.Object(
    {
      id: EventId,
      type: Type.Literal(type, { description: 'What happened.' }),
      timestamp: Type.String({ ...Timestamp, description: 'When it happened, not when it was delivered.' }),
      subject: Type.String({ description: 'Id of what it happened to.', maxLength: 142 }),
      data,
    },
    { additionalProperties: false },
  );
}
