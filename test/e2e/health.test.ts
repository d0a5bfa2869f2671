import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { HealthResource, ReadyResource } from '@vcc-pki/api';
import { request } from 'undici';
import { assertProblem } from '../support/assert-problem.ts';
import { postgresUrl } from '../support/databases.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';

async function publicly(pki: RunningPki, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const { statusCode, body } = await request(`${pki.publicUrl}${path}`);
  return { status: statusCode, body: (await body.json()) as Record<string, unknown> };
}

function failedChecks({ checks }: Record<string, unknown>): string[] {
  const all = checks as { name: string; status: string }[];
  return all.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

test('a server that works says so on both listeners, to everybody', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock });
  for (const path of ['/health', '/api/v1/health']) {
    const { status, time, version } = (await pki.call('GET', path, { as: null })).json() as HealthResource;
    assert.deepEqual([status, time], ['ok', `${new Date(clock.now()).toISOString().slice(0, 19)}Z`]);
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.equal((await publicly(pki, path)).body['status'], 'ok');
  }
  const ready = (await pki.call('GET', '/ready', { as: null })).json() as ReadyResource;
  assert.equal(ready.status, 'ready');
  assert.deepEqual(
    ready.checks.map(({ name, status }) => `${name} ${status}`),
    ['database ok', 'signer ok', 'crl ok'],
  );
  assert.equal((await publicly(pki, '/ready')).status, 200);
});

test('a CRL that has passed its nextUpdate makes the server unready, and a new one ready again', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock });
  clock.advance(2 * dayMs);
  const stale = await pki.call('GET', '/ready', { as: null });
  assertProblem(stale, 'notReady');
  assert.deepEqual(failedChecks(stale.body), ['crl']);
  assert.equal((await pki.call('GET', '/health', { as: null })).status, 200, 'it is alive all the same');
  await pki.restart();
  assert.equal((await pki.call('GET', '/ready', { as: null })).status, 200);
});

test('a database that has gone away makes the server unready, and nothing is issued; what needs none goes on', async (t) => {
  const dropped: (() => unknown)[] = [];
  const droppable: Lifetime = { after: (cleanUp) => dropped.push(cleanUp) };
  const pki = await runningPki(t, { databaseUrl: await postgresUrl(droppable) });
  const veritas = await pki.issueFor('veritas-backend');
  for (const drop of dropped) await drop();
  const { status, body } = await publicly(pki, '/ready');
  assert.equal(status, 503);
  assert.ok(failedChecks(body).includes('database'));
  assert.equal((await publicly(pki, '/health')).status, 200);
  const refused = await pki.call('GET', '/api/v1/certificates/veritas-backend', { as: veritas });
  assert.ok(refused.status >= 500, 'nobody is let in whom the ledger cannot vouch for');
  assert.match(`${refused.headers['content-type']}`, /^application\/problem\+json/);
  assert.ok(!('detail' in refused.body), 'the database is named to nobody');
  assert.equal((await pki.call('GET', '/api/v1/crl', { as: null })).status, 200);
});

test('closing finishes the requests that are under way, and waits for nobody who says nothing', async (t) => {
  const pki = await runningPki(t);
  const silent = connect(pki.port, '127.0.0.1');
  await once(silent, 'connect');
  t.after(() => silent.destroy());
  const requests = Array.from({ length: 10 }, (_, i) => pki.issueFor(`test-closing-${i}`));
  // The first is answered, so that the others are on their way.
  await Promise.race(requests);
  const closed = pki.server().close();
  const outcomes = await Promise.allSettled(requests);
  await closed;
  await pki.restart();
  for (const [i, outcome] of outcomes.entries()) {
    const shown = await pki.call('GET', `/api/v1/certificates/test-closing-${i}`);
    assert.equal(shown.status === 200, outcome.status === 'fulfilled', `certificate ${i} and its answer agree`);
  }
});
