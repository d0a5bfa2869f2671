import { Type } from 'typebox';
import { Timestamp } from '../schemas/fields.ts';
import type { EventDefinition } from './event.ts';

const closed = { additionalProperties: false } as const;

const KekId = Type.String({
  description: 'Id of the key-encryption key.',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  maxLength: 142,
});
const Line = Type.String({ description: 'Name of the line of keys.', maxLength: 128 });
const Version = Type.Integer({ description: 'Its place in the line, from 1.', minimum: 1 });

const Rotated = Type.Object(
  {
    kek_id: KekId,
    line: Line,
    version: Version,
    previous_kek_id: Type.Union([KekId, Type.Null()], { description: 'The key that it follows; null: the first.' }),
  },
  closed,
);

const Revoked = Type.Object(
  {
    kek_id: KekId,
    line: Line,
    version: Version,
    revoked_at: Timestamp,
    reason: Type.String({ description: 'Why.', maxLength: 64 }),
  },
  closed,
);

const example = { kek_id: 'kek_124', line: 'themis-documents', version: 2 };

export const keyEvents = {
  'key.rotated': {
    summary: 'A line of key-encryption keys has a new primary key',
    subject: 'kek_id',
    data: Rotated,
    example: { ...example, previous_kek_id: 'kek_123' },
  },
  'key.revoked': {
    summary: 'A key-encryption key must not be used any more',
    subject: 'kek_id',
    data: Revoked,
    example: { ...example, revoked_at: '2026-11-23T08:00:00Z', reason: 'keyCompromise' },
  },
} as const satisfies Readonly<Record<string, EventDefinition>>;
