import { integer, section } from '../setting.ts';

export const changeFeed = section(
  {
    max_feeds: integer({
      description: 'Change feeds that may be open at one server at a time.',
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
    }),
    max_feeds_per_service: integer({
      description: 'Change feeds that one service may have open at one server.',
      default: 100,
      minimum: 1,
      maximum: 1_000_000,
    }),
    heartbeat_seconds: integer({
      description: 'Time between two signs of life on a feed on which nothing happens.',
      default: 15,
      minimum: 1,
      maximum: 300,
    }),
  },
  'The change feed, GET /api/v1/events.',
);
