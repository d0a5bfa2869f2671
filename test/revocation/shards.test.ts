import assert from 'node:assert/strict';
import {
  decodeExtension,
  extensionId,
  findExtension,
  parseCertificateList,
  parseCRLNumber,
  parseDeltaCRLIndicator,
  parseFreshestCRL,
  parseIssuingDistributionPoint,
  parseReasonCode,
} from '@vcc-pki/x509';
import { crlUrlOf } from '../../apps/server/src/authority/load-issuer.ts';
import { dueAt } from '../../apps/server/src/revocation/crl-schedule.ts';
import { forEachDatabase } from '../support/databases.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { newIssuer, recordIssuer, revokeAgain, revokeIn, serialsOf, startPublisher } from './publishing.ts';

const issuer = await newIssuer(4);
const shards = ['0', '1', '2', '3'];

forEachDatabase('every shard, the full and the delta CRL are there from the start', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const { crl, failures } = await startPublisher(t, { store, issuer, clock: manualClock() });
  assert.deepEqual(failures, []);
  for (const scope of [...shards, 'full', 'delta']) assert.deepEqual(serialsOf(crl(scope)), [], scope);
});

forEachDatabase(
  'a revocation comes into its own shard, the full and the delta CRL, and no other',
  async (t, openFresh) => {
    const store = await openFresh();
    await recordIssuer(store, issuer);
    const clock = manualClock();
    const { publisher, crl, until } = await startPublisher(t, { store, issuer, clock });
    const before = shards.map((shard) => crl(shard).sha256);
    const revoked = await revokeIn(store, issuer, { shard: 2, now: clock.now() });
    assert.equal(revoked.shard, 2);
    publisher.revoked(revoked);
    assert.ok(await publisher.whenPublished(revoked, 20_000));
    assert.deepEqual(serialsOf(crl('2')), [revoked.serialNumber]);
    assert.deepEqual(
      [0, 1, 3].map((shard) => crl(String(shard)).sha256),
      [0, 1, 3].map((shard) => before[shard]),
    );
    await until('full and delta', () => serialsOf(crl('full')).length + serialsOf(crl('delta')).length === 2);
    const other = await revokeIn(store, issuer, { shard: 0, now: clock.now() });
    publisher.revoked(other);
    await until('both', () => serialsOf(crl('full')).length === 2);
    assert.deepEqual(serialsOf(crl('full')).sort(), [revoked.serialNumber, other.serialNumber].sort());
    assert.deepEqual(serialsOf(crl('0')), [other.serialNumber]);
  },
);

forEachDatabase('what another process has revoked is seen without being told', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const { crl, until } = await startPublisher(t, { store, issuer, clock });
  const { serialNumber } = await revokeIn(store, issuer, { shard: 3, now: clock.now() });
  await until('the shard', () => serialsOf(crl('3')).includes(serialNumber));
});

forEachDatabase('each kind of CRL says what it is for, in the words of RFC 5280', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const { crl } = await startPublisher(t, { store, issuer, clock: manualClock() });
  for (const scope of shards) {
    const { extensions } = parseCertificateList(crl(scope).der);
    const point = findExtension(extensions, extensionId.issuingDistributionPoint);
    assert.equal(point?.critical, true);
    const { distributionPoint } = parseIssuingDistributionPoint(point.value);
    const url = crlUrlOf(issuer, scope);
    assert.deepEqual(distributionPoint, {
      type: 'fullName',
      names: [{ type: 'uniformResourceIdentifier', value: url }],
    });
  }
  const full = parseCertificateList(crl('full').der);
  assert.equal(findExtension(full.extensions, extensionId.issuingDistributionPoint), undefined);
  const [freshest] = decodeExtension(full.extensions, extensionId.freshestCRL, parseFreshestCRL) ?? [];
  assert.deepEqual(freshest?.distributionPoint, {
    type: 'fullName',
    names: [{ type: 'uniformResourceIdentifier', value: crlUrlOf(issuer, 'delta') }],
  });
  const delta = parseCertificateList(crl('delta').der);
  assert.equal(findExtension(delta.extensions, extensionId.deltaCRLIndicator)?.critical, true);
  const base = decodeExtension(delta.extensions, extensionId.deltaCRLIndicator, parseDeltaCRLIndicator);
  assert.equal(base, decodeExtension(full.extensions, extensionId.cRLNumber, parseCRLNumber));
});

forEachDatabase('a change to keyCompromise replaces the entry everywhere', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const { publisher, crl, until } = await startPublisher(t, { store, issuer, clock });
  const other = await revokeIn(store, issuer, { shard: 1, now: clock.now() });
  const revoked = await revokeIn(store, issuer, { shard: 1, now: clock.now() });
  publisher.revoked(revoked);
  await until('the delta', () => serialsOf(crl('delta')).length === 2);
  publisher.revoked({ ...revoked, ...(await revokeAgain(store, revoked, 'keyCompromise', clock.now())) });
  for (const scope of ['1', 'full', 'delta']) {
    const reasons = (): unknown[] =>
      [...parseCertificateList(crl(scope).der).entries()].map((entry) =>
        decodeExtension(entry.extensions, extensionId.reasonCode, parseReasonCode),
      );
    await until(scope, () => reasons().includes('keyCompromise'));
    assert.deepEqual(reasons().sort(), ['keyCompromise', 'superseded'], scope);
    assert.deepEqual(serialsOf(crl(scope)).sort(), [other.serialNumber, revoked.serialNumber].sort(), scope);
  }
});

forEachDatabase(
  'everything is made anew at half of its life at the latest, and not all at once',
  async (t, openFresh) => {
    const many = await newIssuer(32);
    const store = await openFresh();
    await recordIssuer(store, many);
    const clock = manualClock();
    const times = { validityMs: dayMs, updateIntervalMs: 365 * dayMs, backdateMs: 60_000, fullMinGapMs: 10 };
    const { publisher, published, crl, until } = await startPublisher(t, { store, issuer: many, clock, times });
    const isSettled = (): boolean => [...publisher.served.all()].every((each) => dueAt(each, times) > clock.now());
    const made: number[] = [];
    for (let hour = 1; hour <= 12; hour += 1) {
      published.length = 0;
      clock.advance(hourMs);
      await until(`hour ${hour}`, isSettled);
      await publisher.look();
      made.push(published.length);
      assert.deepEqual(publisher.complaints(), []);
    }
    assert.deepEqual(made.slice(0, 5), [0, 0, 0, 0, 0], 'none before a quarter of its life');
    assert.ok(Math.max(...made) < 20, `spread: ${made}`);
    assert.ok(crl('0').number > 1);
  },
);

forEachDatabase('an entry stays on one shard and one full CRL after the expiry, then it goes', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const { publisher, crl, until } = await startPublisher(t, { store, issuer, clock });
  const notAfter = clock.now() + hourMs;
  const revoked = await revokeIn(store, issuer, { shard: 1, now: clock.now(), notAfter });
  publisher.revoked(revoked);
  await until('the full CRL', () => serialsOf(crl('full')).length === 1);
  const seen = { shard: 0, full: 0 };
  publisher.served.onReplaced((next) => {
    const lists = serialsOf(next).includes(revoked.serialNumber) && next.thisUpdate > notAfter;
    if (next.scope === '1' && lists) seen.shard += 1;
    if (next.scope === 'full' && lists) seen.full += 1;
  });
  for (let round = 0; serialsOf(crl('full')).length > 0; round += 1) {
    assert.ok(round < 5, 'it never goes');
    const { number } = crl('full');
    clock.advance(6 * hourMs);
    await until('the next full CRL', () => crl('full').number > number);
  }
  assert.ok(seen.shard >= 1 && seen.full >= 1, JSON.stringify(seen));
  assert.deepEqual(serialsOf(crl('1')), []);
});

forEachDatabase('what was made by a clock that ran ahead is replaced as soon as it is right', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const server = await startPublisher(t, { store, issuer, clock });
  const scopes = [...shards, 'full', 'delta'];
  const aheadMs = 3 * dayMs;
  clock.advance(aheadMs);
  const revoked = await revokeIn(store, issuer, { shard: 2, now: clock.now() });
  await server.publisher.look();
  await server.until('from the future', () =>
    scopes.every((scope) => server.crl(scope).thisUpdate > clock.now() - aheadMs),
  );
  const numbers = new Map(scopes.map((scope) => [scope, server.crl(scope).number]));
  clock.advance(-aheadMs);
  await server.publisher.look();
  await server.until('of now', () => scopes.every((scope) => server.crl(scope).thisUpdate <= clock.now()));
  for (const scope of scopes) assert.ok(server.crl(scope).number > (numbers.get(scope) ?? 0), scope);
  for (const scope of ['2', 'full', 'delta'])
    assert.deepEqual(serialsOf(server.crl(scope)), [revoked.serialNumber], scope);
});

forEachDatabase(
  'a server that was restored from a backup goes on above the numbers that were seen',
  async (t, openFresh) => {
    const scopes = [...shards, 'full', 'delta'];
    const clock = manualClock();
    const lost = await openFresh();
    await recordIssuer(lost, issuer);
    const before = await startPublisher(t, { store: lost, issuer, clock });
    for (let i = 0; i < 3; i += 1) {
      clock.advance(dayMs);
      await before.publisher.look();
      await before.until('made anew', () =>
        scopes.every((scope) => before.crl(scope).thisUpdate > clock.now() - hourMs),
      );
    }
    await before.publisher.close();
    const seen = new Map(scopes.map((scope) => [scope, before.crl(scope).number]));

    // The backup was made before any of it.
    clock.advance(60_000);
    const restored = await openFresh();
    await recordIssuer(restored, issuer);
    const after = await startPublisher(t, { store: restored, issuer, clock });
    await after.until('all', () => scopes.every((scope) => after.published.includes(scope)));
    for (const scope of scopes) assert.ok(after.crl(scope).number > (seen.get(scope) ?? 0), scope);
  },
);
