import { FeedHeaders, FeedQuery } from '../schemas/feed.ts';
import { gateProblems, type RouteDefinition } from './route.ts';

export const feedRoutes = {
  getEvents: {
    method: 'GET',
    path: '/api/v1/events',
    listeners: ['api'],
    tag: 'discovery',
    summary: 'Follow the change feed',
    description:
      'Server-Sent Events, for as long as the connection and the client certificate last: hello, then service, revocation and keks as they happen, a comment as heartbeat. Last-Event-ID goes on where a feed was cut off; reset means that too much was missed and everything is to be read anew.',
    auth: 'mtls',
    operation: 'any',
    query: FeedQuery,
    headers: FeedHeaders,
    response: { status: 200, mediaTypes: ['text/event-stream'] },
    problems: [...gateProblems, 'malformed', 'rateLimited'],
  },
} as const satisfies Readonly<Record<string, RouteDefinition>>;
