import type { PkiConfig } from './config/index.ts';
import { ChangeFeed } from './feed/change-feed.ts';
import { ChangeWatch } from './feed/change-watch.ts';
import { createFeedMetrics } from './feed/feed-metrics.ts';
import type { EventRouteDeps } from './http/routes/events.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';

/** The change feed of this server, which follows the changes of all. */
export interface OpenFeed extends Pick<EventRouteDeps, 'feed' | 'feedWatch' | 'heartbeatSeconds'> {
  close(): Promise<void>;
}

export async function openFeed({ changeFeed }: PkiConfig, issuance: IssuanceDeps, log: Log): Promise<OpenFeed> {
  const { clock, store } = issuance;
  const feed: ChangeFeed = new ChangeFeed({
    clock,
    metrics: createFeedMetrics(issuance.metrics.registry, () => feed.size),
    maxFeeds: changeFeed.maxFeeds,
    maxFeedsPerService: changeFeed.maxFeedsPerService,
    heartbeatMs: changeFeed.heartbeatSeconds * 1000,
  });
  const onFailure = (error: unknown) => log.error({ err: error }, 'the ledger could not be asked for changes');
  const feedWatch = new ChangeWatch({ store, feed, onFailure });
  await feedWatch.start();
  return {
    feed,
    feedWatch,
    heartbeatSeconds: changeFeed.heartbeatSeconds,
    close: async () => {
      feed.close();
      await feedWatch.close();
    },
  };
}
