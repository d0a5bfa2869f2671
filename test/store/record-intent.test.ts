import assert from 'node:assert/strict';
import { certificateById, findUnsettledIntents, idempotentRequest } from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  anEvent,
  anIntent,
  aRevocation,
  dayMs,
  entryDer,
  hourMs,
  issue,
  noLimits,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';
import { isProblem, outcomesOf } from './outcomes.ts';

const count = (outcomes: readonly string[], outcome: string) => outcomes.filter((found) => found === outcome).length;

forEachDatabase('an intent is recorded with all it says, before anything is signed', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const intent = anIntent({ names: ['A.vcc.local', 'a.VCC.local', '192.0.2.1'] });
  assert.deepEqual(await store.ledger.submit('recordIntent', intent), { outcome: 'recorded' });
  const record = await certificateById(store.read, intent.certificateId);
  assert.deepEqual(
    { ...record },
    {
      certificateId: intent.certificateId,
      serviceId: 'veritas-backend',
      issuerId: intent.issuerId,
      issuer: intent.issuerName,
      serialNumber: intent.serialNumber,
      commonName: intent.commonName,
      fingerprintSha256: null,
      spkiSha256: intent.spkiSha256,
      keyType: 'ec-p256',
      profile: 'service',
      notBefore: t0,
      notAfter: t0 + 365 * dayMs,
      status: 'intent',
      tbsDer: record?.tbsDer,
      signature: null,
      metadata: '{"owner":"VERITAS Team"}',
      replaces: null,
      replacedBy: null,
      requesterFingerprint: intent.requesterFingerprint,
      instance: 'server-1',
      createdAt: t0,
      issuedAt: null,
      revokedAt: null,
      revocationReason: null,
    },
  );
  assert.deepEqual(new Uint8Array(record?.tbsDer ?? []), intent.tbsDer);
  const names = await store.read.selectFrom('certificate_names').select('name').orderBy('name').execute();
  assert.deepEqual(
    names.map(({ name }) => name),
    ['192.0.2.1', 'a.vcc.local'],
  );
});

forEachDatabase('200 requests at once for 50 places: exactly 50 get one', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const limits = { ...noLimits, maxCertificates: 50 };
  const outcomes = await outcomesOf(
    Array.from({ length: 200 }, () => store.ledger.submit('recordIntent', anIntent({ limits }))),
  );
  assert.deepEqual([count(outcomes, 'ok'), count(outcomes, 'quotaExceeded')], [50, 150]);
  assert.equal((await findUnsettledIntents(store.read, { limit: 1000 })).length, 50);
});

forEachDatabase(
  'the quota is per service, and refusal names the certificate that expires next',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const limits = { ...noLimits, maxCertificates: 2 };
    await issue(store, { limits, notAfter: t0 + 20 * dayMs });
    const next = await issue(store, { limits, notAfter: t0 + 10 * dayMs });
    await assert.rejects(
      store.ledger.submit('recordIntent', anIntent({ limits })),
      isProblem('quotaExceeded', { dropCandidate: next.certificateId }),
    );
    await issue(store, { limits, serviceId: 'covina-backend' });
  },
);

forEachDatabase('overdue certificates make room without waiting for the sweep', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const limits = { ...noLimits, maxCertificates: 1 };
  const old = await issue(store, { limits, notAfter: t0 + dayMs });
  const atTheEnd = anIntent({ limits, now: t0 + dayMs });
  assert.deepEqual(await outcomesOf([store.ledger.submit('recordIntent', atTheEnd)]), ['quotaExceeded']);
  await store.ledger.submit('recordIntent', anIntent({ limits, now: t0 + dayMs + 1 }));
  assert.equal((await certificateById(store.read, old.certificateId))?.status, 'expired');
});

forEachDatabase('revoking and abandoning give the place back', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const limits = { ...noLimits, maxCertificates: 1 };
  const first = await issue(store, { limits });
  await store.ledger.submit('recordRevocation', aRevocation(first.certificateId));
  const second = anIntent({ limits });
  await store.ledger.submit('recordIntent', second);
  const { certificateId } = second;
  await store.ledger.submit('abandonIntent', { certificateId, entryDer, now: t0, audit: anEvent() });
  await issue(store, { limits });
});

forEachDatabase('a renewal may go one above the quota, once, and names what to drop', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const limits = { ...noLimits, maxCertificates: 2, mayExceedByRenewal: true };
  const soonest = await issue(store, { limits, notAfter: t0 + 5 * dayMs });
  const renewed = await issue(store, { limits });
  const renewal = anIntent({ limits, replaces: renewed.certificateId });
  assert.deepEqual(await store.ledger.submit('recordIntent', renewal), {
    outcome: 'recorded',
    dropCandidate: renewed.certificateId,
  });
  await store.ledger.submit('recordCertificate', theCertificate(renewal));
  await assert.rejects(
    store.ledger.submit('recordIntent', anIntent({ limits, replaces: renewal.certificateId })),
    isProblem('quotaExceeded', { dropCandidate: soonest.certificateId }),
  );
});

forEachDatabase('a serial number or id is given once', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const first = anIntent();
  await store.ledger.submit('recordIntent', first);
  const { serialNumber, certificateId } = first;
  assert.deepEqual(
    await outcomesOf([
      store.ledger.submit('recordIntent', anIntent({ serialNumber })),
      store.ledger.submit('recordIntent', anIntent({ certificateId })),
    ]),
    ['conflict', 'conflict'],
  );
});

forEachDatabase('the hourly rate may be used at once, then comes back evenly', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const limits = { ...noLimits, ratePerHour: 7 };
  const ask = (now: number) => store.ledger.submit('recordIntent', anIntent({ limits, now }));
  assert.deepEqual(await outcomesOf(Array.from({ length: 8 }, () => ask(t0))), [...Array(7).fill('ok'), 'rateLimited']);
  await assert.rejects(ask(t0), isProblem('rateLimited', { retryAfterSeconds: 515 }));
  await assert.rejects(ask(t0 + 514_000), isProblem('rateLimited', { retryAfterSeconds: 1 }));
  // Refusals have cost nothing.
  await ask(t0 + 515_000);
  assert.deepEqual(await outcomesOf([ask(t0 + 515_000)]), ['rateLimited']);
  // A service of another name has its own rate.
  await store.ledger.submit('recordIntent', anIntent({ limits, serviceId: 'covina-backend' }));
});

forEachDatabase(
  'the global rate holds over all services, and its refusal costs the service nothing',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const limits = { ...noLimits, ratePerHour: 100, globalRatePerHour: 10 };
    const outcomes = await outcomesOf(
      Array.from({ length: 30 }, (_, index) =>
        store.ledger.submit('recordIntent', anIntent({ limits, serviceId: `test-${index % 3}` })),
      ),
    );
    assert.deepEqual([count(outcomes, 'ok'), count(outcomes, 'rateLimited')], [10, 20]);
    const services = await store.read.selectFrom('services').select(['active_certificates', 'rate_tat_ms']).execute();
    assert.equal(
      services.reduce((sum, row) => sum + row.active_certificates, 0),
      10,
    );
    assert.equal(
      services.reduce((sum, row) => sum + (row.rate_tat_ms - t0) / 36_000, 0),
      10,
    );
  },
);

forEachDatabase('what is exempt from the rate uses none of it', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const limits = { ...noLimits, ratePerHour: 1, globalRatePerHour: 1 };
  const exempt = { ...limits, rateExempt: true };
  const ask = (given: typeof limits) => store.ledger.submit('recordIntent', anIntent({ limits: given }));
  await ask(exempt);
  await ask(exempt);
  await ask(limits);
  await ask(exempt);
  assert.deepEqual(await outcomesOf([ask(limits)]), ['rateLimited']);
});

forEachDatabase('an idempotency key gives the same answer again', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const idempotency = { key: 'k-1', requestSha256: '11'.repeat(32), expiresAt: t0 + hourMs };
  const ask = (changes = {}) => anIntent({ idempotency, ...changes });
  const first = ask();
  await store.ledger.submit('recordIntent', first);
  // Still being worked on.
  assert.deepEqual(await outcomesOf([store.ledger.submit('recordIntent', ask())]), ['conflict']);
  await store.ledger.submit('recordCertificate', theCertificate(first));
  assert.deepEqual(await store.ledger.submit('recordIntent', ask()), {
    outcome: 'replay',
    certificateId: first.certificateId,
  });
  const other = { ...idempotency, requestSha256: '22'.repeat(32) };
  assert.deepEqual(await outcomesOf([store.ledger.submit('recordIntent', ask({ idempotency: other }))]), [
    'idempotencyMismatch',
  ]);
  // The key is the service's own.
  const neighbour = await store.ledger.submit('recordIntent', ask({ serviceId: 'covina-backend' }));
  assert.deepEqual(neighbour, { outcome: 'recorded' });
  const found = await idempotentRequest(store.read, { serviceId: 'veritas-backend', key: 'k-1', now: t0 });
  assert.deepEqual(
    { ...found },
    { certificateId: first.certificateId, requestSha256: '11'.repeat(32), status: 'active', replaces: null },
  );
});

forEachDatabase('an idempotency key runs out, and comes back from an abandoned intent', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const idempotency = { key: 'k-1', requestSha256: '11'.repeat(32), expiresAt: t0 + hourMs };
  const first = await issue(store, { idempotency });
  const now = t0 + hourMs;
  const second = anIntent({
    now,
    idempotency: { ...idempotency, requestSha256: '22'.repeat(32), expiresAt: now + hourMs },
  });
  assert.deepEqual(await store.ledger.submit('recordIntent', second), { outcome: 'recorded' });
  const { certificateId } = second;
  await store.ledger.submit('abandonIntent', { certificateId, entryDer, now, audit: anEvent() });
  const third = await store.ledger.submit(
    'recordIntent',
    anIntent({ now, idempotency: { ...idempotency, expiresAt: now + hourMs } }),
  );
  assert.deepEqual(third, { outcome: 'recorded' });
  assert.notEqual(first.certificateId, certificateId);
});

forEachDatabase('20 requests at once with one idempotency key: one certificate', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const idempotency = { key: 'k-1', requestSha256: '11'.repeat(32), expiresAt: t0 + hourMs };
  const outcomes = await outcomesOf(
    Array.from({ length: 20 }, () => store.ledger.submit('recordIntent', anIntent({ idempotency }))),
  );
  assert.deepEqual([count(outcomes, 'ok'), count(outcomes, 'conflict')], [1, 19]);
});

forEachDatabase('a clock that is put back by hours makes nobody wait for hours', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const one = { ...noLimits, ratePerHour: 1, globalRatePerHour: 2 };
  const intentAt = (now: number, serviceId: string) =>
    store.ledger.submit('recordIntent', anIntent({ now, serviceId, limits: one }));
  await intentAt(t0 + 6 * hourMs, 'veritas-backend');
  await intentAt(t0 + 6 * hourMs, 'covina-backend');
  await intentAt(t0, 'veritas-backend');
  await assert.rejects(intentAt(t0, 'veritas-backend'), isProblem('rateLimited', { retryAfterSeconds: 3600 }));
  await intentAt(t0, 'covina-backend');
});
