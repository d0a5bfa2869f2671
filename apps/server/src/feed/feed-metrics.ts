import { Counter, Gauge, type Registry } from 'prom-client';

/** What the change feed counts. */
export interface FeedMetrics {
  readonly events: Counter<'event'>;
  readonly ended: Counter<'reason'>;
}

/** @param openFeeds asked when the metrics are read. */
export function createFeedMetrics(registry: Registry, openFeeds: () => number): FeedMetrics {
  const registers = [registry];
  new Gauge({
    name: 'vcc_pki_feed_subscribers',
    help: 'Open change feeds of this server',
    registers,
    collect() {
      this.set(openFeeds());
    },
  });
  return {
    events: new Counter({
      name: 'vcc_pki_feed_events_total',
      help: 'Events told to the open change feeds of this server, by name',
      labelNames: ['event'],
      registers,
    }),
    ended: new Counter({
      name: 'vcc_pki_feed_ended_total',
      help: 'Change feeds that this server has ended: revoked, expired, slow, closing',
      labelNames: ['reason'],
      registers,
    }),
  };
}
