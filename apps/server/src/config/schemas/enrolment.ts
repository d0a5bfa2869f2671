import { integer, section } from '../setting.ts';

export const enrolment = section(
  {
    token_ttl_minutes: integer({
      description: 'How long a one-time token may be used, unless it is made for another time.',
      default: 60,
      minimum: 1,
      maximum: 43_200,
    }),
    token_max_ttl_hours: integer({
      description: 'The longest time that a token can be made for.',
      default: 168,
      minimum: 1,
      maximum: 720,
    }),
    refusals_per_address_per_minute: integer({
      description: 'Refused attempts to enrol from one address, after which it has to wait.',
      default: 10,
      minimum: 1,
      maximum: 100_000,
    }),
    attempts_per_minute: integer({
      description: 'Attempts to enrol from everywhere together, at each server.',
      default: 12_000,
      minimum: 1,
      maximum: 10_000_000,
    }),
  },
  'One-time tokens for services that have no certificate yet.',
);
