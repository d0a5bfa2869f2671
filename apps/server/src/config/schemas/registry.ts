import { Type } from 'typebox';
import { integer, section } from '../setting.ts';

const checksInARow = { minimum: 1, maximum: 100 };

export const registry = section(
  {
    last_seen_interval_seconds: integer({
      description: 'How often it is written down who has called; last_seen is as exact as that.',
      default: 15,
      minimum: 1,
      maximum: 3600,
    }),
    health_check_enabled: Type.Boolean({
      description: 'Whether the health_check_url of services is called.',
      default: true,
    }),
    health_check_interval_seconds: integer({
      description: 'Time between two checks of a service, within a tenth.',
      default: 60,
      minimum: 1,
      maximum: 86_400,
    }),
    health_check_timeout_seconds: integer({
      description: 'Time in which a service must have answered.',
      default: 5,
      minimum: 1,
      maximum: 60,
    }),
    health_check_concurrency: integer({
      description: 'Checks that are under way at a time.',
      default: 16,
      minimum: 1,
      maximum: 1000,
    }),
    degraded_after_failures: integer({
      description: 'After so many bad checks in a row a service is degraded.',
      default: 1,
      ...checksInARow,
    }),
    down_after_failures: integer({
      description: 'After so many bad checks in a row a service is down.',
      default: 3,
      ...checksInARow,
    }),
    active_after_successes: integer({
      description: 'After so many good checks in a row a service is active again.',
      default: 2,
      ...checksInARow,
    }),
  },
  'The registry of services and its health checks.',
);
