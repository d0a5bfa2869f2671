import { integer, section } from '../setting.ts';

export const webhooks = section(
  {
    timeout_seconds: integer({
      description: 'How long a receiver may take to answer.',
      default: 10,
      minimum: 1,
      maximum: 60,
    }),
    max_attempts: integer({
      description: 'How often a delivery is tried before it is given up; it can be replayed then.',
      default: 12,
      minimum: 1,
      maximum: 50,
    }),
    retry_delay_seconds: integer({
      description: 'Time before the second try; each wait after it is three times as long, six hours at most.',
      default: 10,
      minimum: 1,
      maximum: 3600,
    }),
    concurrency: integer({
      description: 'Receivers that are served side by side.',
      default: 16,
      minimum: 1,
      maximum: 100,
    }),
    rest_seconds: integer({
      description: 'How long a receiver is left alone after five failures in a row.',
      default: 30,
      minimum: 1,
      maximum: 3600,
    }),
    keep_days: integer({
      description: 'How long deliveries are remembered after they arrived or were given up.',
      default: 30,
      minimum: 1,
      maximum: 3650,
    }),
  },
  'Deliveries of events to webhooks.',
);
