import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PkiError } from '@vcc-pki/api';
import { Registry } from 'prom-client';
import { ChangeFeed, type ChangeFeedOptions, type Subscription } from './change-feed.ts';
import { encodeEvent } from './feed-event.ts';
import { createFeedMetrics } from './feed-metrics.ts';

function openFeed(t: { after(end: () => void): void }, options: Partial<ChangeFeedOptions> = {}): ChangeFeed {
  const feed: ChangeFeed = new ChangeFeed({
    clock: { now: () => 1_000 },
    metrics: createFeedMetrics(new Registry(), () => feed.size),
    maxFeeds: 3,
    maxFeedsPerService: 2,
    heartbeatMs: 60_000,
    ...options,
  });
  t.after(() => feed.close());
  return feed;
}

function reader(serviceId: string, types?: string[]) {
  const certificate = { issuerId: 'aa', serialNumber: '01', notAfter: 2_000 };
  return { serviceId, certificate, types: types && new Set(types) };
}

function received({ stream }: Subscription): string {
  let text = '';
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += String(chunk);
  return text;
}

test('an event is told to those who want it, and held back until they are greeted', (t) => {
  const feed = openFeed(t);
  const [all, some] = [feed.subscribe(reader('a')), feed.subscribe(reader('b', ['keks']))];
  feed.publish({ id: 1, event: 'service', data: { n: 1 } });
  assert.equal(received(all), '');
  all.send({ event: 'hello', data: {} });
  all.goLive();
  some.goLive();
  feed.publish({ event: 'keks', data: 'AA\nBB' });
  assert.equal(
    received(all),
    'event: hello\ndata: {}\n\nid: 1\nevent: service\ndata: {"n":1}\n\nevent: keks\ndata: AA\ndata: BB\n\n',
  );
  assert.equal(received(some), 'event: keks\ndata: AA\ndata: BB\n\n');
});

test('a reader that does not read is let go, and the others are not', async (t) => {
  const feed = openFeed(t);
  const [slow, quick] = [feed.subscribe(reader('a')), feed.subscribe(reader('b'))];
  slow.goLive();
  quick.goLive();
  const ended = new Promise((resolve) => slow.stream.once('ended', resolve));
  const big = { event: 'service', data: 'x'.repeat(10_000) };
  for (let n = 0; n < 60; n += 1) {
    feed.publish(big);
    quick.stream.read();
  }
  assert.equal(await ended, 'slow');
  assert.ok(slow.stream.readableLength <= 262_144);
  feed.publish(big);
  assert.equal(received(quick), String(encodeEvent(big)));
});

test('no more than so many are open, and a place that is left is free again', async (t) => {
  const feed = openFeed(t);
  const first = feed.subscribe(reader('a'));
  feed.subscribe(reader('a'));
  const isFull = (error: unknown) => error instanceof PkiError && error.code === 'rateLimited';
  assert.throws(() => feed.subscribe(reader('a')), isFull);
  feed.subscribe(reader('b'));
  assert.throws(() => feed.subscribe(reader('c')), isFull);
  first.stream.destroy();
  await new Promise((resolve) => first.stream.once('close', resolve));
  assert.equal(feed.size, 2);
  feed.subscribe(reader('a'));
});

test('a revocation ends the feeds of that certificate alone', (t) => {
  const feed = openFeed(t);
  const subscription = feed.subscribe(reader('a'));
  subscription.goLive();
  feed.endRevoked('bb', new Set(['01']));
  feed.endRevoked('aa', new Set(['02']));
  assert.equal(received(subscription), '');
  feed.endRevoked('aa', new Set(['01', '02']));
  assert.equal(received(subscription), 'event: end\ndata: {"reason":"revoked"}\n\n');
  feed.publish({ event: 'service', data: {} });
  assert.equal(received(subscription), '');
});

test('heartbeats come, until the client certificate has ended', async (t) => {
  let now = 1_000;
  const feed = openFeed(t, { clock: { now: () => now }, heartbeatMs: 5 });
  const subscription = feed.subscribe(reader('a'));
  subscription.goLive();
  await new Promise((resolve) => subscription.stream.once('readable', resolve));
  assert.match(received(subscription), /^(: heartbeat\n\n)+$/);
  now = 3_000;
  assert.equal(await new Promise((resolve) => subscription.stream.once('ended', resolve)), 'expired');
});
