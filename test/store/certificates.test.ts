import assert from 'node:assert/strict';
import {
  certificateByFingerprint,
  certificateById,
  certificateBySerial,
  certificateCounts,
  certificatesById,
  certificatesBySerial,
  currentCertificateOfService,
  effectiveStatus,
  entriesSince,
  findUnsettledIntents,
  issuerById,
  listIssuers,
} from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  anEvent,
  anIntent,
  anIssuer,
  aRevocation,
  dayMs,
  entryDer,
  hourMs,
  issue,
  issuerId,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';
import { isProblem, outcomesOf } from './outcomes.ts';

/** The two databases give octets in different classes. */
function octetsOf(octets: Uint8Array | null | undefined): Buffer | undefined {
  return octets ? Buffer.from(octets) : undefined;
}

forEachDatabase('a certificate takes the place of its intent', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const intent = anIntent();
  await store.ledger.submit('recordIntent', intent);
  const certificate = theCertificate(intent, { now: t0 + 40 });
  await store.ledger.submit('recordCertificate', certificate);
  const record = await certificateByFingerprint(store.read, certificate.fingerprint);
  assert.equal(record?.certificateId, intent.certificateId);
  assert.equal(record?.status, 'active');
  assert.deepEqual(octetsOf(record?.tbsDer), octetsOf(intent.tbsDer));
  assert.deepEqual(octetsOf(record?.signature), octetsOf(certificate.signature));
  assert.equal(record?.issuedAt, t0 + 40);
  assert.deepEqual(await findUnsettledIntents(store.read, { limit: 10 }), []);
  // A second time there is no intent to take the place of.
  await assert.rejects(store.ledger.submit('recordCertificate', certificate), isProblem('conflict'));
});

forEachDatabase('a renewal points back, and the renewed one forward', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const old = await issue(store);
  const renewal = await issue(store, { replaces: old.certificateId });
  const [oldRecord, newRecord] = await Promise.all(
    [old, renewal].map(({ certificateId }) => certificateById(store.read, certificateId)),
  );
  assert.equal(oldRecord?.replacedBy, renewal.certificateId);
  assert.equal(oldRecord?.status, 'active');
  assert.equal(newRecord?.replaces, old.certificateId);
});

forEachDatabase('certificates are found by serial number, id and service', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const first = await issue(store, { now: t0, notAfter: t0 + 9 * dayMs });
  const second = await issue(store, { now: t0 + 1, notAfter: t0 + dayMs });
  const { serialNumber } = first;
  assert.equal((await certificateBySerial(store.read, { issuerId, serialNumber }))?.certificateId, first.certificateId);
  assert.equal(await certificateBySerial(store.read, { issuerId: 'bb', serialNumber }), undefined);
  assert.equal((await certificatesBySerial(store.read, serialNumber)).length, 1);
  const ids = [second.certificateId, 'cert_unknown', first.certificateId];
  assert.deepEqual(
    (await certificatesById(store.read, ids)).map(({ certificateId }) => certificateId),
    [first.certificateId, second.certificateId].sort(),
  );
  const currentAt = async (now: number) =>
    (await currentCertificateOfService(store.read, { serviceId: 'veritas-backend', now }))?.certificateId;
  assert.equal(await currentAt(t0 + dayMs), second.certificateId);
  assert.equal(await currentAt(t0 + dayMs + 1), first.certificateId);
  assert.equal(await currentAt(t0 + 10 * dayMs), undefined);
});

forEachDatabase('two issuers may use one serial number', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const other = anIssuer({ issuerId: 'bb'.repeat(20), fingerprintSha256: 'ff'.repeat(32) });
  await store.ledger.submit('recordIssuer', other);
  const { serialNumber } = await issue(store);
  await issue(store, { serialNumber, issuerId: other.issuerId }).catch(async () => undefined);
  const intent = anIntent({ serialNumber, issuerId: other.issuerId });
  assert.deepEqual(await outcomesOf([store.ledger.submit('recordIntent', intent)]), ['conflict']);
  assert.equal((await certificatesBySerial(store.read, serialNumber)).length, 2);
});

forEachDatabase('an abandoned intent is listed as revoked and cannot become a certificate', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const intent = anIntent();
  await store.ledger.submit('recordIntent', intent);
  const { certificateId } = intent;
  const abandon = { certificateId, entryDer, now: t0 + hourMs, audit: anEvent({ action: 'settle' }) };
  await store.ledger.submit('abandonIntent', abandon);
  assert.equal((await certificateById(store.read, certificateId))?.status, 'abandoned');
  const listed = await entriesSince(store.read, { issuerId, revision: 0, limit: 10 });
  assert.deepEqual(
    listed.map((entry) => new Uint8Array(entry.entryDer)),
    [entryDer],
  );
  await assert.rejects(store.ledger.submit('recordCertificate', theCertificate(intent)), isProblem('conflict'));
  await assert.rejects(store.ledger.submit('abandonIntent', abandon), isProblem('conflict'));
  await assert.rejects(store.ledger.submit('recordRevocation', aRevocation(certificateId)), isProblem('conflict'));
});

forEachDatabase('unsettled intents are found by age and by instance, oldest first', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const submit = async (now: number, instance: string) => {
    const intent = anIntent({ now, instance });
    await store.ledger.submit('recordIntent', intent);
    return intent.certificateId;
  };
  const young = await submit(t0 + 2, 'server-1');
  const old = await submit(t0, 'server-2');
  const middle = await submit(t0 + 1, 'server-1');
  await issue(store);
  const find = async (filter: { instance?: string; olderThan?: number; limit?: number }) =>
    (await findUnsettledIntents(store.read, { limit: 10, ...filter })).map(({ certificateId }) => certificateId);
  assert.deepEqual(await find({}), [old, middle, young]);
  assert.deepEqual(await find({ limit: 2 }), [old, middle]);
  assert.deepEqual(await find({ olderThan: t0 + 2 }), [old, middle]);
  assert.deepEqual(await find({ instance: 'server-1' }), [middle, young]);
});

forEachDatabase('the sweep expires what is overdue, in portions, and only that', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const notAfters = [t0 + 1, t0 + 2, t0 + 3, t0 + dayMs];
  const issued = await Promise.all(notAfters.map((notAfter) => issue(store, { notAfter })));
  const now = t0 + 3;
  assert.equal(effectiveStatus({ status: 'active', notAfter: t0 + 2 }, now), 'expired');
  assert.equal(effectiveStatus({ status: 'active', notAfter: t0 + 3 }, now), 'active');
  assert.equal(effectiveStatus({ status: 'revoked', notAfter: t0 }, now), 'revoked');
  assert.deepEqual(await store.ledger.submit('expireDue', { now, limit: 1 }), { expired: 1 });
  assert.deepEqual(await store.ledger.submit('expireDue', { now, limit: 10 }), { expired: 1 });
  assert.deepEqual(await store.ledger.submit('expireDue', { now, limit: 10 }), { expired: 0 });
  const records = await Promise.all(issued.map(({ certificateId }) => certificateById(store.read, certificateId)));
  assert.deepEqual(
    records.map((record) => record?.status),
    ['expired', 'expired', 'active', 'active'],
  );
  const service = await store.read.selectFrom('services').select('active_certificates').executeTakeFirstOrThrow();
  assert.equal(service.active_certificates, 2);
});

forEachDatabase('the sweep forgets idempotency keys that have run out', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const idempotency = { key: 'k', requestSha256: '11', expiresAt: t0 + 1 };
  await issue(store, { idempotency });
  await issue(store, { idempotency: { ...idempotency, key: 'later', expiresAt: t0 + 2 } });
  await store.ledger.submit('expireDue', { now: t0 + 1, limit: 10 });
  const keys = await store.read.selectFrom('idempotency_keys').select('idempotency_key').execute();
  assert.deepEqual(
    keys.map((row) => row.idempotency_key),
    ['later'],
  );
});

forEachDatabase('the counts follow every change', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const day = Math.floor(t0 / dayMs);
  const [first, second] = await Promise.all([
    issue(store, { notAfter: t0 + 1 }),
    issue(store, { notAfter: t0 + dayMs }),
    issue(store, { notAfter: t0 + dayMs }),
    store.ledger.submit('recordIntent', anIntent()),
    issue(store, { notAfter: t0 + 1 }),
  ]);
  await store.ledger.submit('recordRevocation', aRevocation(second.certificateId));
  await store.ledger.submit('expireDue', { now: t0 + 2, limit: 1 });
  await store.ledger.submit('recordRevocation', aRevocation(first.certificateId));
  const counts = (await certificateCounts(store.read)).map((row) => ({ ...row }));
  const [revokedToday, revokedLater] = [
    { status: 'revoked', expiryDay: day, count: 1 },
    { status: 'revoked', expiryDay: day + 1, count: 1 },
  ];
  const other = counts.filter(({ status, expiryDay }) => status !== 'revoked' && expiryDay === day);
  // One of the two that end today was swept; whichever it was, one certificate of that day is left unrevoked.
  assert.equal(
    other.reduce((sum, { count }) => sum + count, 0),
    1,
  );
  assert.deepEqual(
    counts.filter((row) => !other.includes(row)),
    [{ status: 'active', expiryDay: day + 1, count: 1 }, revokedToday, revokedLater],
  );
});

forEachDatabase('an issuer is recorded once, and no other under its key', async (_t, openFresh) => {
  const store = await openFresh();
  const root = anIssuer({ issuerId: 'bb'.repeat(20), role: 'root', fingerprintSha256: 'ff'.repeat(32) });
  const intermediate = anIssuer({ parentIssuerId: root.issuerId });
  assert.deepEqual(await store.ledger.submit('recordIssuer', root), { first: true });
  assert.deepEqual(await store.ledger.submit('recordIssuer', intermediate), { first: true });
  assert.deepEqual(await store.ledger.submit('recordIssuer', intermediate), { first: false });
  await assert.rejects(
    store.ledger.submit('recordIssuer', { ...intermediate, fingerprintSha256: '00'.repeat(32) }),
    isProblem('conflict'),
  );
  assert.deepEqual(
    (await listIssuers(store.read)).map((issuer) => issuer.role),
    ['intermediate', 'root'],
  );
  const { audit: _audit, ...expected } = intermediate;
  assert.deepEqual({ ...(await issuerById(store.read, issuerId)) }, expected);
});
