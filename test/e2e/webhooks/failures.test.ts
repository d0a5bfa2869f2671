import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../../apps/server/src/clock.ts';
import { createMetrics } from '../../../apps/server/src/metrics.ts';
import { createOutboundPolicy } from '../../../apps/server/src/policy/index.ts';
import { listDeliveries, openStore, outboxDepth, type Store } from '../../../apps/server/src/store/index.ts';
import { createPostEvent, type PostEvent } from '../../../apps/server/src/webhooks/post-event.ts';
import { SecretBox } from '../../../apps/server/src/webhooks/secret-box.ts';
import {
  WebhookDispatcher,
  type WebhookDispatcherOptions,
} from '../../../apps/server/src/webhooks/webhook-dispatcher.ts';
import { createWebhookMetrics } from '../../../apps/server/src/webhooks/webhook-metrics.ts';
import { anIssuer, aWebhook, issue, openWithIssuer, t0 } from '../../store/ledger-inputs.ts';
import { forEachDatabase, postgresUrl } from '../../support/databases.ts';
import type { Lifetime } from '../../support/lifetime.ts';
import { hourMs, manualClock } from '../../support/manual-clock.ts';
import { until } from './receiver.ts';

const box = new SecretBox({ sealingKey: createSecretKey(randomBytes(32)) });
const rules = { allowHttp: true, allowLoopback: true, allowPrivate: true, allowLinkLocal: false, deniedNetworks: [] };

/** A receiver on plain http: what fails here fails over TLS alike. */
async function receiver(t: Lifetime, status: number | 'hangs') {
  const ids: string[] = [];
  const behaviour: { status: number | 'hangs'; retryAfter?: string } = { status };
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']));
    request.resume();
    const { retryAfter } = behaviour;
    const headers = { location: 'http://localhost/', ...(retryAfter !== undefined && { 'retry-after': retryAfter }) };
    if (behaviour.status !== 'hangs') response.writeHead(behaviour.status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ids, behaviour };
}

/** A receiver that answers does so within it, however busy the machine. */
const patienceMs = 1500;

function dispatcherOf(t: Lifetime, store: Store, changes: Partial<WebhookDispatcherOptions> = {}) {
  const clock = manualClock(t0 + hourMs);
  const { post, close } = createPostEvent({
    outbound: createOutboundPolicy(rules),
    ca: [],
    timeoutMs: patienceMs,
    clock,
  });
  const givenUp: string[] = [];
  const failures: unknown[] = [];
  const dispatcher = new WebhookDispatcher({
    ...{ store, clock, box, post, metrics: createWebhookMetrics(createMetrics().registry, { store, clock }) },
    retries: { maxAttempts: 3, firstDelayMs: 10_000, maxDelayMs: 60_000 },
    ...{ concurrency: 16, restMs: 60_000, keepMs: 30 * 24 * hourMs, owner: 'server-1', leaseMs: 20_000 },
    onGivenUp: (webhookId) => givenUp.push(webhookId),
    onFailure: (error) => failures.push(error),
    ...changes,
  });
  t.after(() => dispatcher.close().then(close));
  return { dispatcher, clock, givenUp, failures };
}

async function subscribe(store: Store, url: string): Promise<string> {
  const webhook = aWebhook({ url });
  await store.ledger.submit('createWebhook', { ...webhook, secret: box.seal(webhook.webhookId, randomBytes(32)) });
  return webhook.webhookId;
}

const statuses = async (store: Store, webhookId: string, status: 'pending' | 'delivered' | 'dead') =>
  listDeliveries.all(store.read, { webhookId, status, before: 1e9, limit: 100 });

forEachDatabase('receivers that hang, answer 500 or redirect delay nobody else', async (t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const bad = [await receiver(t, 'hangs'), await receiver(t, 500), await receiver(t, 307)];
  const good = await receiver(t, 204);
  const hooks: string[] = [];
  for (const { url } of [...bad, good]) hooks.push(await subscribe(store, url));
  await Promise.all(Array.from({ length: 12 }, () => issue(store)));
  const { dispatcher, clock, failures } = dispatcherOf(t, store);
  await dispatcher.look();
  await until(() => good.ids.length === 12);
  await dispatcher.idle();
  assert.equal((await statuses(store, hooks[3] ?? '', 'delivered')).length, 12);
  const errors = [];
  for (const id of hooks.slice(0, 3)) {
    const waiting = await statuses(store, id, 'pending');
    errors.push(waiting.find(({ lastError }) => lastError !== null)?.lastError);
    assert.equal(waiting.length, 12);
    for (const { attempts, dueAt } of waiting) assert.ok(attempts === 0 || dueAt > clock.now(), 'it is tried later');
  }
  assert.deepEqual(errors, [`no answer within ${patienceMs} ms`, 'HTTP 500', 'HTTP 307']);
  // Four are under way at once, so that it may be three more than the five that open the circuit.
  for (const { ids } of bad) assert.ok(ids.length >= 5 && ids.length <= 8, String(ids.length));
  assert.deepEqual(failures, []);
});

forEachDatabase(
  'a busy receiver is left alone for as long as it asks, up to the longest wait',
  async (t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const busy = await receiver(t, 429);
    const webhookId = await subscribe(store, busy.url);
    await issue(store);
    const { dispatcher, clock } = dispatcherOf(t, store);
    busy.behaviour.retryAfter = '40';
    await dispatcher.look();
    await dispatcher.idle();
    const [waiting] = await statuses(store, webhookId, 'pending');
    assert.deepEqual([waiting?.lastStatus, waiting?.lastError], [429, 'HTTP 429']);
    // Longer than the 10 to 15 seconds of the first wait, and within the minute that is the longest here.
    assert.equal((waiting?.dueAt ?? 0) - clock.now(), 40_000);

    // Meanwhile nothing goes there, be it due or new.
    await issue(store);
    await dispatcher.look();
    await dispatcher.idle();
    assert.equal(busy.ids.length, 1);

    const next = dispatcherOf(t, store, { owner: 'server-2' });
    next.clock.advance(41_000);
    busy.behaviour.status = 503;
    busy.behaviour.retryAfter = new Date(next.clock.now() + 7_200_000).toUTCString();
    await next.dispatcher.look();
    await next.dispatcher.idle();
    const after = await statuses(store, webhookId, 'pending');
    assert.equal(busy.ids.length, 3);
    for (const { dueAt } of after) assert.equal(dueAt - next.clock.now(), 60_000);

    // What is no Retry-After is none, and other answers have none.
    const third = dispatcherOf(t, store, { owner: 'server-3' });
    third.clock.advance(120_000);
    Object.assign(busy.behaviour, { status: 500, retryAfter: '55' });
    await third.dispatcher.look();
    await third.dispatcher.idle();
    for (const { dueAt, attempts } of await statuses(store, webhookId, 'pending')) {
      assert.ok(attempts > 2 || dueAt - third.clock.now() <= 45_000, String(dueAt - third.clock.now()));
    }
  },
);

forEachDatabase('what fails too often is given up, and arrives when it is replayed', async (t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const failing = await receiver(t, 500);
  const webhookId = await subscribe(store, failing.url);
  await issue(store);
  const { dispatcher, clock, givenUp } = dispatcherOf(t, store);
  for (let tries = 1; tries <= 4; tries += 1) {
    await dispatcher.look();
    await dispatcher.idle();
    clock.advance(hourMs);
  }
  assert.deepEqual([failing.ids.length, givenUp], [3, [webhookId]]);
  assert.deepEqual(await outboxDepth(store.read), { pending: 0, dead: 1, oldest: undefined });
  failing.behaviour.status = 204;
  const { replayed } = await store.ledger.submit('replayDeliveries', {
    webhookId,
    now: clock.now(),
    audit: aWebhook().audit,
  });
  assert.equal(replayed, 1);
  await dispatcher.look();
  await dispatcher.idle();
  assert.equal((await statuses(store, webhookId, 'delivered')).length, 1);
  assert.equal(new Set(failing.ids).size, 1, 'the same event has the same id at every try');
});

test('a server that dies between delivery and record leaves a delivery that the next one makes again', async (t) => {
  const url = await postgresUrl(t);
  const [dying, next] = [await openStore({ url }), await openStore({ url })];
  t.after(() => Promise.all([dying.close(), next.close()]));
  await dying.ledger.submit('recordIssuer', anIssuer());
  const good = await receiver(t, 204);
  const webhookId = await subscribe(dying, good.url);
  await issue(dying);
  const first = dispatcherOf(t as TestContext, dying, { owner: 'dying', post: dieBehind(dying, good.url) });
  await first.dispatcher.look();
  await first.dispatcher.idle();
  assert.deepEqual([good.ids.length, first.failures.length], [1, 1]);

  const second = dispatcherOf(t, next, { owner: 'next' });
  await second.dispatcher.look();
  await second.dispatcher.idle();
  assert.equal(good.ids.length, 1, 'the dead one still has the lease');
  second.clock.advance(21_000);
  await second.dispatcher.look();
  await second.dispatcher.idle();
  assert.equal(good.ids.length, 2);
  assert.equal(new Set(good.ids).size, 1);
  assert.equal((await statuses(next, webhookId, 'delivered')).length, 1);
});

/** Delivers, and is gone before that can be written down. */
function dieBehind(store: Store, url: string): PostEvent {
  const { post, close } = createPostEvent({
    outbound: createOutboundPolicy(rules),
    ca: [],
    timeoutMs: 5000,
    clock: systemClock,
  });
  return async (delivery) => {
    const result = await post({ ...delivery, url });
    await close();
    await store.close();
    return result;
  };
}

test('an address that is not allowed any more is not called', async (t) => {
  const url = await postgresUrl(t);
  const store = await openStore({ url });
  t.after(() => store.close());
  await store.ledger.submit('recordIssuer', anIssuer());
  const good = await receiver(t, 204);
  const webhookId = await subscribe(store, good.url);
  await issue(store);
  const outbound = createOutboundPolicy({ ...rules, allowLoopback: false });
  const { post } = createPostEvent({ outbound, ca: [], timeoutMs: 300, clock: systemClock });
  const { dispatcher } = dispatcherOf(t, store, { post });
  await dispatcher.look();
  await dispatcher.idle();
  assert.equal(good.ids.length, 0);
  assert.match((await statuses(store, webhookId, 'pending'))[0]?.lastError ?? '', /loopback/);
});

/** Where the name of this machine leads, for a name that is not `localhost`. */
const ownAddresses = await lookup(hostname(), { all: true }).catch(() => []);

test('a name that leads to an address that is not allowed is not called, and it is told why', {
  skip: ownAddresses.length === 0 && 'the name of this machine leads nowhere',
}, async (t) => {
  const outbound = createOutboundPolicy({ ...rules, deniedNetworks: ownAddresses.map(({ address }) => address) });
  const { post, close } = createPostEvent({ outbound, ca: [], timeoutMs: 3000, clock: systemClock });
  t.after(close);
  const { error } = await post({ url: `http://${hostname()}:9/`, headers: {}, body: '{}' });
  assert.match(error ?? '', / must not be called: .*denied/);
});

test('a secret opens for its own webhook and under its own root only', () => {
  const sealed = box.seal('wh_a', Buffer.from('secret'));
  assert.equal(Buffer.from(box.open('wh_a', sealed)).toString(), 'secret');
  assert.throws(() => box.open('wh_b', sealed));
  const other = new SecretBox({ sealingKey: createSecretKey(randomBytes(32)) });
  assert.throws(() => other.open('wh_a', sealed));
});
