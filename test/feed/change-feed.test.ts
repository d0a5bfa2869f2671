import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem } from '../support/assert-problem.ts';
import { openFeed } from '../support/event-feed.ts';
import { describeOverDatabases } from '../support/over-databases.ts';

const path = '/api/v1/events';

describeOverDatabases('the change feed', (startPki) => {
  const shared = startPki();

  test('is for those with a certificate, and says hello', async (t) => {
    const pki = shared();
    assertProblem(await pki.call('GET', path, { as: null }), 'unauthorized');
    assertProblem(await pki.call('GET', `${path}?types=service,rumours`), 'malformed', 'types');
    assertProblem(await pki.call('GET', path, { headers: { 'last-event-id': 'x' } }), 'malformed', 'last-event-id');
    const feed = await openFeed(t, pki);
    assert.equal(feed.status, 200);
    assert.equal(feed.headers['content-type'], 'text/event-stream');
    assert.equal(feed.headers['cache-control'], 'no-store');
    const hello = await feed.next('hello');
    assert.partialDeepStrictEqual(JSON.parse(hello.data), { heartbeat_seconds: 15, resumed: false });
    assert.match(`${hello.retry}`, /^[1-4]\d{3}$/);
    const head = await pki.call('HEAD', path);
    assert.deepEqual([head.status, head.headers['content-type']], [200, 'text/event-stream']);
  });

  test('ends within a second when the certificate of its reader is revoked', async (t) => {
    const pki = shared();
    const reader = await pki.issueFor('veritas-backend');
    const [feed, other] = [await openFeed(t, pki, { as: reader }), await openFeed(t, pki)];
    await feed.next('hello');
    const before = performance.now();
    await pki.call('DELETE', `/api/v1/certificates/${reader.certificateId}/revoke?reason=superseded`);
    assert.deepEqual(JSON.parse((await feed.next('end')).data), { reason: 'revoked' });
    await feed.ended;
    assert.ok(performance.now() - before < 1_000);
    await other.next('hello');
    assert.ok(other.events.every(({ event }) => event !== 'end'));
  });

  test('tells who comes with an unknown id to begin anew', async (t) => {
    const feed = await openFeed(t, shared(), { headers: { 'last-event-id': '999999' } });
    assert.partialDeepStrictEqual(JSON.parse((await feed.next('hello')).data), { resumed: false });
    await feed.next('reset');
  });

  test('does not hold up a server that closes', async (t) => {
    const pki = shared();
    const feed = await openFeed(t, pki);
    await feed.next('hello');
    // One that held it up would be cut off in the end, without a word.
    await pki.restart();
    assert.deepEqual(JSON.parse((await feed.next('end')).data), { reason: 'closing' });
    await feed.ended;
  });
});
