import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeFeed } from '../../apps/server/src/feed/change-feed.ts';
import { ChangeWatch } from '../../apps/server/src/feed/change-watch.ts';
import { createFeedMetrics } from '../../apps/server/src/feed/feed-metrics.ts';
import { createMetrics } from '../../apps/server/src/metrics.ts';
import { openStore, type Store } from '../../apps/server/src/store/index.ts';
import {
  anIntent,
  anIssuer,
  aRegistration,
  aRevocation,
  issuerId,
  t0,
  theCertificate,
} from '../store/ledger-inputs.ts';
import { postgresUrl } from '../support/databases.ts';
import type { Lifetime } from '../support/lifetime.ts';

/** A feed of one server, with a reader whose certificate is `serialNumber`. */
async function openServer(t: Lifetime, url: string, serialNumber: string) {
  const store: Store = await openStore({ url });
  const feed: ChangeFeed = new ChangeFeed({
    clock: { now: () => t0 },
    metrics: createFeedMetrics(createMetrics().registry, () => feed.size),
    ...{ maxFeeds: 10, maxFeedsPerService: 10, heartbeatMs: 60_000 },
  });
  const watch = new ChangeWatch({ store, feed, onFailure: (error) => assert.fail(`${error}`) });
  await watch.start();
  const subscription = feed.subscribe({
    serviceId: 'veritas-backend',
    certificate: { issuerId, serialNumber, notAfter: Number.MAX_SAFE_INTEGER },
  });
  subscription.goLive();
  t.after(async () => {
    feed.close();
    await watch.close();
    await store.close();
  });
  const read = async (): Promise<string> => {
    await watch.look();
    let text = '';
    for (let chunk = subscription.stream.read(); chunk !== null; chunk = subscription.stream.read()) text += chunk;
    return text;
  };
  return { store, read };
}

test('a change, and the end of a feed, comes from whichever server of a cluster made it', async (t) => {
  const cleanUps: (() => unknown)[] = [];
  const lifetime: Lifetime = { after: (cleanUp) => cleanUps.push(cleanUp) };
  t.after(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
  const url = await postgresUrl(lifetime);
  const preparing = await openStore({ url });
  await preparing.ledger.submit('recordIssuer', anIssuer());
  const intent = anIntent();
  await preparing.ledger.submit('recordIntent', intent);
  await preparing.ledger.submit('recordCertificate', theCertificate(intent));
  await preparing.close();

  const [here, there] = [
    await openServer(lifetime, url, intent.serialNumber),
    await openServer(lifetime, url, intent.serialNumber),
  ];
  await there.store.ledger.submit('registerService', aRegistration());
  for (const server of [here, there]) {
    assert.match(await server.read(), /^id: 1\nevent: service\ndata: .*"change":"registered"/);
    assert.equal(await server.read(), '', 'once');
  }
  await there.store.ledger.submit('recordRevocation', aRevocation(intent.certificateId));
  assert.equal(await here.read(), 'event: end\ndata: {"reason":"revoked"}\n\n');
});
