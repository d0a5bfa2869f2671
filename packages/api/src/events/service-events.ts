import { Type } from 'typebox';
import { ServiceId, Timestamp } from '../schemas/fields.ts';
import type { EventDefinition } from './event.ts';

const closed = { additionalProperties: false } as const;

const Status = Type.Enum(['active', 'degraded', 'down', 'retired'], {
  type: 'string',
  description: 'State of the service.',
});

const Registered = Type.Object(
  {
    service_id: ServiceId,
    service_name: Type.String({ description: 'Name for people.', maxLength: 256 }),
    service_type: Type.Union([Type.String({ maxLength: 64 }), Type.Null()], { description: 'What kind of service.' }),
    endpoints: Type.Array(Type.String({ maxLength: 2048 }), { description: 'Where it is reached.', maxItems: 64 }),
  },
  closed,
);

/** Both ways down, and `previous_status` tells from where. */
const HealthChanged = Type.Object(
  {
    service_id: ServiceId,
    status: Status,
    previous_status: Status,
    since: Timestamp,
    detail: Type.String({ description: 'What the last health check saw.', maxLength: 512 }),
  },
  closed,
);

const changeExample = { service_id: 'veritas-backend', since: '2026-11-23T08:00:30Z' };

export const serviceEvents = {
  'service.registered': {
    summary: 'A service was registered for the first time, or again after it was retired',
    subject: 'service_id',
    data: Registered,
    example: {
      service_id: 'veritas-backend',
      service_name: 'VERITAS Backend',
      service_type: 'backend',
      endpoints: ['https://veritas-backend.vcc.local:8443'],
    },
  },
  'service.degraded': {
    summary: 'Health checks of a service begin to fail, or succeed again after it was down',
    subject: 'service_id',
    data: HealthChanged,
    example: { ...changeExample, status: 'degraded', previous_status: 'active', detail: 'HTTP 503' },
  },
  'service.down': {
    summary: 'Health checks of a service have failed so often that it counts as down',
    subject: 'service_id',
    data: HealthChanged,
    example: { ...changeExample, status: 'down', previous_status: 'degraded', detail: 'connection refused' },
  },
} as const satisfies Readonly<Record<string, EventDefinition>>;
