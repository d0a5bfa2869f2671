import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KekResource } from '@vcc-pki/api';
import { assertProblem } from '../support/assert-problem.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { movedClock, skipWithoutFaketime } from '../support/moved-clock.ts';
import { type ClockScene, clockScene, createLine, crlValidityMs, dayMs, hourMs } from './clock-scene.ts';

/** So close to a limit a clock is put, that the limit comes by itself soon and what is before it is seen too. */
const shortlyMs = 1_500;
const eager = { pollMs: 200, pollAfterFailureMs: 200, inFlightTimeoutMs: 1_000 };

describe('a real server and a real service, each with its own clock', { skip: skipWithoutFaketime }, () => {
  const cleanUps: (() => unknown)[] = [];
  const lifetime: Lifetime = { after: (cleanUp) => cleanUps.push(cleanUp) };
  let scene: ClockScene;
  before(async () => {
    scene = await clockScene(lifetime);
    await createLine(scene, 'themis-main', 90);
  });
  after(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });

  test('a CRL that goes stale in an outage: writes go on through its grace, stop exactly, and recover', async () => {
    const { server } = scene;
    const crlGraceMs = hourMs;
    const service = await scene.startService({
      ...{ line: 'themis-main', clock: server.clock, crlGraceMs, limitMs: 2 * dayMs },
      cache: { ...eager, offline: { enabled: true, encryptGraceMs: dayMs, crlGraceMs } },
    });
    await service.until('ready', ({ condition }) => condition === 'ready');
    await server.kill();
    const { crlNextUpdate } = service.report();
    assert.ok(crlNextUpdate > server.clock.now() && crlNextUpdate <= server.clock.now() + crlValidityMs);

    await server.clock.set(crlNextUpdate - shortlyMs - Date.now());
    await service.until('still fresh', ({ condition, nowMs }) => condition === 'ready' && nowMs < crlNextUpdate);
    await service.until('in its grace', ({ condition }) => condition === 'offline');
    assert.ok(service.report().nowMs >= crlNextUpdate);

    await server.clock.set(crlNextUpdate + crlGraceMs - shortlyMs - Date.now());
    const { done } = service.report();
    await service.until('still written', (report) => report.done > done);
    assert.equal(service.report().refused, 0);
    await service.until('at the limit', ({ lastRefusal }) => lastRefusal === 'OFFLINE_LIMIT');
    assert.equal(service.report().condition, 'degraded');

    await server.start();
    await service.until('well again', ({ condition }) => condition === 'ready', 40_000);
    await service.stop();
  });

  test('the certificates of the service and of the KEK expire in an outage', async () => {
    const { server } = scene;
    const kek = await createLine(scene, 'themis-day', 1);
    const crlGraceMs = 2 * dayMs;
    const service = await scene.startService({
      ...{ line: 'themis-day', clock: server.clock, crlGraceMs, limitMs: 2 * dayMs },
      certificate: { body: { validity_hours: 12 } },
      cache: { ...eager, offline: { enabled: true, encryptGraceMs: dayMs, crlGraceMs } },
    });
    await service.until('ready', ({ condition }) => condition === 'ready');

    await server.kill();
    const { notAfterWrite } = service.report();
    assert.equal(notAfterWrite, Date.parse(kek.not_after_write));
    await server.clock.set(notAfterWrite - shortlyMs - Date.now());
    const { done } = service.report();
    await service.until('still written', (report) => report.done > done && report.nowMs < notAfterWrite);
    assert.deepEqual([service.report().condition, service.report().refused], ['offline', 0]);
    await service.until('at its end', ({ lastRefusal }) => lastRefusal === 'OFFLINE_LIMIT');
    assert.ok(service.report().nowMs >= notAfterWrite);

    // The server is back, and does not let in a certificate that expired half a day ago.
    await server.start();
    assertProblem(await scene.pki.call('GET', '/api/v1/keks', { as: service.identity }), 'unauthorized');
    const next = await scene.post<KekResource>(`/api/v1/keks/${kek.id}/rotate`, { validity_days: 90 });
    await scene.post(`/api/v1/keks/${next.id}/change`, { action: 'promote', force: true });
    assert.equal(service.report().condition, 'degraded');
    const { cert, key } = await scene.pki.issueFor('themis');
    service.send({ client: { certificatePem: cert, keyPem: key } });
    await service.until('written with the next', ({ writtenWith }) => writtenWith === 2, 40_000);
    await service.until('well again', (report) => report.condition === 'ready');
    await service.stop();
  });

  test('the clock of the service is set back and forward: no limit is extended, and use goes on when it is right', async () => {
    const { server } = scene;
    const clock = await movedClock(lifetime);
    const offsetMs = server.clock.now() - Date.now();
    await clock.set(offsetMs);
    const [hardTtlMs, encryptGraceMs] = [2_000, 2_000];
    const service = await scene.startService({
      ...{ line: 'themis-main', clock, crlGraceMs: hourMs, limitMs: hardTtlMs + encryptGraceMs },
      cache: { ...eager, hardTtlMs, softTtlMs: 1_000, offline: { enabled: true, encryptGraceMs, crlGraceMs: hourMs } },
    });
    await service.until('ready', ({ condition }) => condition === 'ready');

    await clock.set(offsetMs - 400 * dayMs);
    await service.until('noticed', ({ told }) => (told['clockJump'] ?? 0) === 1);
    await service.until('still ready', ({ condition, ageMs }) => condition === 'ready' && ageMs < hardTtlMs);
    await server.kill();
    await service.until('offline', ({ condition }) => condition === 'offline');
    assert.equal(service.report().refused, 0);
    await service.until('at the limit', ({ lastRefusal }) => lastRefusal === 'OFFLINE_LIMIT');
    // By this clock the certificate of the server is not valid yet: whoever answers there is not believed.
    await server.start();
    await service.until('not believed', ({ failure }) => failure.includes('is not valid at this time'), 40_000);
    assert.equal(service.report().condition, 'degraded');
    await clock.set(offsetMs);
    await service.until('well again', ({ condition }) => condition === 'ready', 40_000);

    // Forward: all that is known is old at once.
    service.send({ forget: true });
    await clock.set(offsetMs + 3 * dayMs);
    await service.until('stopped', ({ lastRefusal }) => lastRefusal === 'OFFLINE_LIMIT');
    await clock.set(offsetMs);
    await service.until('well again', ({ condition }) => condition === 'ready', 40_000);
    await service.stop();
  });

  test('the clock of the server is set forward and right again: no write fails, and its CRLs are taken again', async () => {
    const { server } = scene;
    const clock = await movedClock(lifetime);
    const offsetMs = server.clock.now() - Date.now();
    await clock.set(offsetMs);
    const service = await scene.startService({
      ...{ line: 'themis-main', clock, crlGraceMs: 0, limitMs: dayMs },
      cache: { ...eager, crlRefreshMs: 500 },
    });
    await service.until('ready', ({ condition }) => condition === 'ready');
    await server.clock.set(offsetMs + 3 * dayMs);
    await service.until('refused from the future', ({ told }) => (told['security'] ?? 0) > 0);
    await server.clock.set(offsetMs);
    const { crlThisUpdate } = service.report();
    await service.until('taken again', (report) => report.crlThisUpdate > crlThisUpdate, 40_000);
    assert.deepEqual([service.report().condition, service.report().refused], ['ready', 0]);
    await service.stop();
  });
});
