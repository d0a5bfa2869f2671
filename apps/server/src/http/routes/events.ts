import { PkiError } from '@vcc-pki/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { ChangeFeed, Subscription } from '../../feed/change-feed.ts';
import type { ChangeWatch } from '../../feed/change-watch.ts';
import { certificateById, changesSince, type LoggedChange, oldestChange, type Store } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { wireTime } from './certificate-resource.ts';

export interface EventRouteDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly feed: ChangeFeed;
  readonly feedWatch: ChangeWatch;
  readonly heartbeatSeconds: number;
}

/** Who missed more than this reads everything anew: that is cheaper for both. */
const maxReplay = 1_000;

/** A reader that was told that its feed ends has so long to take that in, before its connection is cut off. */
const farewellMs = 500;

/** The change feed as Server-Sent Events (HTML standard s9.2). */
export function eventHandlers(deps: EventRouteDeps): Handlers<'getEvents'> {
  const { store, feed } = deps;
  return {
    getEvents: async ({ requester, query, headers, request, reply }) => {
      const certificate = await certificateById(store.read, requester.certificateId);
      if (certificate === undefined) throw new PkiError('unauthorized', 'the client certificate is gone');
      reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      // There is nothing more to say about a feed than its headers.
      if (request.method === 'HEAD') return reply.send('');
      const subscription = feed.subscribe({
        serviceId: requester.serviceId,
        certificate,
        types: query.types === undefined ? undefined : new Set(query.types.split(',')),
      });
      cutOffAfterEnd(subscription, request, reply);
      try {
        await greet(deps, subscription, headers['last-event-id']);
        // Revoked between the gate and here, before anybody knew of this feed?
        const { status } = (await certificateById(store.read, requester.certificateId)) ?? certificate;
        if (status !== 'active') subscription.end('revoked');
      } catch (error) {
        subscription.stream.destroy();
        throw error;
      }
      subscription.goLive();
      return reply.send(subscription.stream);
    },
  };
}

/** Says hello, and what was missed; what happens meanwhile waits behind it. */
async function greet(
  { store, clock, feedWatch, heartbeatSeconds }: EventRouteDeps,
  subscription: Subscription,
  lastEventId: string | undefined,
): Promise<void> {
  const { position } = feedWatch;
  const missed = lastEventId === undefined ? [] : await missedSince(store, Number(lastEventId), position);
  const resumed = lastEventId !== undefined && missed !== undefined;
  const data = { time: wireTime(clock.now()), heartbeat_seconds: heartbeatSeconds, resumed };
  // Spread, so that a restart does not bring all readers back in the same moment.
  const retryMs = 1_000 + Math.floor(Math.random() * 4_000);
  subscription.send({ event: 'hello', data, ...(!resumed && { id: position }) }, retryMs);
  if (missed === undefined) subscription.send({ event: 'reset', data: {}, id: position });
  for (const change of missed ?? []) subscription.send(change);
}

/** The changes behind one that a reader knows; `undefined` when the log does not reach back to it, or it was never in it. */
async function missedSince({ read }: Store, last: number, position: number): Promise<LoggedChange[] | undefined> {
  if (last === position) return [];
  const oldest = await oldestChange(read);
  if (last > position || position - last > maxReplay || oldest === undefined || oldest > last + 1) return undefined;
  return await changesSince(read, { id: last, limit: position - last });
}

function cutOffAfterEnd({ stream }: Subscription, request: FastifyRequest, reply: FastifyReply): void {
  stream.once('ended', () => {
    setTimeout(() => {
      if (!reply.raw.writableFinished) request.raw.socket.destroy();
    }, farewellMs).unref();
  });
}
