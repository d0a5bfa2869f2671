import assert from 'node:assert/strict';
import { events, type PkiEvent } from '@vcc-pki/api';
import type {
  DeliveryResult,
  RecordIntentInput,
  RecordServedInput,
  Reschedule,
  RotationStep,
  StoreQuery,
} from '../../apps/server/src/store/index.ts';
import { BatchRunner } from '../../apps/server/src/store/ledger/run-batch.ts';
import { connectPostgresWriter } from '../../apps/server/src/store/postgres/connect-postgres.ts';
import { connectSqliteWriter } from '../../apps/server/src/store/sqlite/connect-sqlite.ts';
import { forEachDatabase } from '../support/databases.ts';
import { askEverything } from './every-query.ts';
import { fullScans } from './full-scans.ts';
import {
  anEvent,
  anIntent,
  anIssuer,
  aPublication,
  aRegistration,
  aRevocation,
  aRotation,
  aWebhook,
  dayMs,
  entryDer,
  hourMs,
  issue,
  issuerId,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';

/** Small by nature: a handful of CAs; a row per status and day, and per state of services. */
const mayBeRead = ['issuers', 'certificate_counts', 'service_counts'];

forEachDatabase('no query reads a whole table', async (_t, openFresh) => {
  const queries: StoreQuery[] = [];
  const store = await openWithIssuer(() => openFresh({ queried: (query) => queries.push(query) }));
  const { certificateId } = await issue(store, { idempotency: { key: 'k', requestSha256: '11', expiresAt: t0 } });
  queries.length = 0;
  await askEverything(store, certificateId);
  assert.ok(queries.length > 100, String(queries.length));
  assert.deepEqual(await fullScans(store, queries, mayBeRead), []);
});

forEachDatabase('no operation reads a whole table', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await store.close();
  const queries: StoreQuery[] = [];
  const observer = { queried: (query: StoreQuery) => queries.push(query) };
  const db =
    store.dialect === 'sqlite'
      ? connectSqliteWriter(store.url.slice('sqlite:'.length), observer)
      : connectPostgresWriter(store.url, observer);
  try {
    await operateEverything(db);
  } finally {
    await db.destroy();
  }
  const statements = queries.filter(({ sql }) => /^(select|insert|update|delete)/.test(sql));
  assert.ok(statements.length > 30, String(statements.length));
  assert.deepEqual(await fullScans(store, statements, mayBeRead), []);
});

forEachDatabase('the search for full scans finds one', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await issue(store);
  const query = (sql: string) => ({ sql, parameters: [], durationMs: 0 });
  const scans = await fullScans(
    store,
    [
      query("select * from certificates where common_name = 'x'"),
      query("select * from certificates where certificate_id = 'x'"),
      query('select count(*) from audit_log'),
    ],
    [],
  );
  assert.equal(scans.length, 2);
});

/** Every operation, also on the ways where it looks closer. */
async function operateEverything(db: ReturnType<typeof connectSqliteWriter>): Promise<void> {
  const limits = { ...anIntent().limits, maxCertificates: 2 };
  const idempotency = { key: 'k', requestSha256: '11', expiresAt: t0 + dayMs };
  const [first, second, third] = [anIntent({ limits, idempotency }), anIntent({ limits }), anIntent({ limits })];
  const { certificateId } = first;
  const renewal = anIntent({ limits: { ...limits, mayExceedByRenewal: true }, replaces: certificateId });
  const rated = anIntent({ limits: { ...limits, maxCertificates: 9, globalRatePerHour: 1 } });
  const audit = anEvent();
  const crl = aPublication({ keep: 1, nextUpdate: t0 });
  const serviceId = 'veritas-backend';
  const finding = { at: t0, detail: 'HTTP 503', durationMs: 3 };
  const lease = { issuerId, scope: 'full', owner: 'server-1', now: t0, leasedUntil: t0 + hourMs };
  await operateWebhooks(db);
  const outcomes = await new BatchRunner(db, { watched: true }).run([
    { name: 'recordIssuer', input: anIssuer() },
    { name: 'registerService', input: aRegistration() },
    { name: 'recordIntent', input: first },
    { name: 'recordCertificate', input: theCertificate(first) },
    { name: 'recordIntent', input: second },
    { name: 'recordIntent', input: third },
    { name: 'recordIntent', input: renewal },
    { name: 'recordCertificate', input: theCertificate(renewal) },
    { name: 'recordIntent', input: rated },
    { name: 'abandonIntent', input: { certificateId: second.certificateId, entryDer, now: t0, audit } },
    { name: 'recordRevocation', input: aRevocation(certificateId) },
    { name: 'recordRevocation', input: aRevocation(certificateId, { reason: 'keyCompromise', blockKey: true }) },
    { name: 'recordEvent', input: { audit } },
    { name: 'takeCrlLease', input: lease },
    { name: 'takeCrlLease', input: { ...lease, owner: 'server-2' } },
    { name: 'storeCrlPart', input: { ...crl, part: 0 } },
    { name: 'publishCrl', input: { ...crl, part: 1, owner: 'server-1' } },
    { name: 'publishCrl', input: { ...crl, number: 2 } },
    { name: 'publishCrl', input: { ...crl, scope: 'delta', number: 3, baseNumber: 2 } },
    { name: 'releaseCrlLease', input: lease },
    { name: 'takeLease', input: { name: 'rotation', owner: 'server-1', now: t0, leaseMs: hourMs } },
    { name: 'takeLease', input: { name: 'rotation', owner: 'server-2', now: t0, leaseMs: hourMs } },
    { name: 'releaseLease', input: { name: 'rotation', owner: 'server-1' } },
    { name: 'settleCrlShards', input: { issuerId, shards: 4, limit: 10 } },
    { name: 'registerService', input: aRegistration({ serviceType: 'frontend' }) },
    { name: 'updateService', input: { serviceId, changes: { autoRenew: false }, now: t0, audit } },
    { name: 'recordHealth', input: { findings: [{ serviceId, from: 'active', to: 'down', ...finding }] } },
    { name: 'recordSeen', input: { serviceIds: [serviceId, 'covina-backend'], at: t0 } },
    { name: 'retireService', input: { serviceId, retiredBy: serviceId, now: t0, audit } },
    { name: 'registerService', input: aRegistration() },
    { name: 'expireDue', input: { now: t0 + 900 * dayMs, limit: 10 } },
  ]);
  await operateRotation(db, renewal);
  assert.deepEqual(
    outcomes.flatMap(({ ok }, index) => (ok ? [] : [index])),
    [5, 8],
  );
  await operateKeks(db);
}

/** A line with two versions, from their making to the end of the first and the revocation of the second. */
async function operateKeks(db: ReturnType<typeof connectSqliteWriter>): Promise<void> {
  const [one, two] = [1, 2].map(() => anIntent({ serviceId: 'pki-kek', profile: 'kek' })) as [Intent, Intent];
  const audit = anEvent();
  const reserved = { lineId: 1, line: 'themis-main', kem: 'X25519' } as const;
  const kekOf = ({ certificateId }: Intent, version: number) => ({
    ...{ ...reserved, version, certificateId, rootId: 'aa', sealedSeed: entryDer, cause: 'rotate' as const },
    ...{ notBeforeWrite: t0, notAfterWrite: t0 + dayMs, now: t0, audit },
  });
  const change = (number: number, action: 'promote' | 'enable' | 'disable' | 'destroy') => ({
    name: 'changeKek' as const,
    input: { number, action, force: true, dryRun: false, liveMs: hourMs, soakMs: hourMs, now: t0, audit },
  });
  const consumer = { lineId: 1, serviceId: 'themis', instance: 'one', epoch: 2, pollIntervalMs: 1, now: t0, audit };
  const delivery = { serviceId: 'themis', instance: 'two', canWrite: true, acceptCompromised: false };
  const grant = { lineId: 1, serviceId: 'themis', now: t0, audit };
  const outcomes = await new BatchRunner(db, { watched: true }).run([
    ...[one, two].map((input) => ({ name: 'recordIntent' as const, input })),
    ...[one, two].map((input) => ({ name: 'recordCertificate' as const, input: theCertificate(input) })),
    { name: 'reserveKekVersion', input: { line: 'themis-main', create: { kem: 'X25519' }, now: t0 } },
    { name: 'recordKek', input: kekOf(one, 1) },
    { name: 'reserveKekVersion', input: { line: 'themis-main', now: t0 } },
    { name: 'recordKek', input: kekOf(two, 2) },
    { name: 'setKekGrant', input: { ...grant, grants: ['read', 'write'] } },
    { name: 'recordKekDelivery', input: { ...delivery, number: 1, ratePerHour: 10, now: t0, audit } },
    { name: 'reportKekConsumer', input: { ...consumer, scan: [{ version: 1, records: 0 }] } },
    ...groupOperations(),
    change(2, 'promote'),
    { name: 'reportKekConsumer', input: { ...consumer, epoch: 3, scan: [{ version: 1, records: 0 }] } },
    change(1, 'disable'),
    change(1, 'enable'),
    change(1, 'disable'),
    change(1, 'destroy'),
    { name: 'setKekGrant', input: { ...grant, grants: [] } },
    { name: 'recordRevocation', input: aRevocation(two.certificateId) },
  ]);
  assert.deepEqual(
    outcomes.filter(({ ok }) => !ok),
    [],
  );
}

type Intent = ReturnType<typeof anIntent>;

/** A group, from its making to the end of its second epoch. */
function groupOperations() {
  const group = { lineId: 1, tenant: 'acme', name: 'doctors', now: t0, audit: anEvent() };
  const member = { ...group, serviceId: 'themis' };
  const key = { rootId: 'aa', sealedKey: entryDer, keyId: '00' };
  return [
    { name: 'createKekGroup' as const, input: { ...group, mode: 'sealed' as const, key } },
    { name: 'addKekGroupMember' as const, input: member },
    { name: 'recordKekGroupDelivery' as const, input: { ...member, epoch: 1, ratePerHour: 10 } },
    { name: 'beginKekGroupEpoch' as const, input: { ...group, epoch: 2, key } },
    { name: 'beginKekGroupEpoch' as const, input: { ...group, epoch: 3, key, without: 'themis' } },
  ];
}

async function operateWebhooks(db: ReturnType<typeof connectSqliteWriter>): Promise<void> {
  const webhook = aWebhook({ eventTypes: ['certificate.issued', 'certificate.expired'] });
  const { webhookId } = webhook;
  const doomed = aWebhook();
  const outcomes = await new BatchRunner(db, { watched: true }).run([
    { name: 'createWebhook', input: webhook },
    { name: 'createWebhook', input: doomed },
    { name: 'testWebhook', input: { webhookId, event: anExpiry('cert_x'), audit: anEvent() } },
    { name: 'settleDeliveries', input: { results: [aResult()], now: t0 } },
    { name: 'replayDeliveries', input: { webhookId, deliveryId: 1, now: t0, audit: anEvent() } },
    { name: 'settleDeliveries', input: { results: [aResult()], now: t0 } },
    { name: 'replayDeliveries', input: { webhookId, now: t0, audit: anEvent() } },
    { name: 'settleDeliveries', input: { results: [aResult()], now: t0 } },
    { name: 'forgetDeliveries', input: { before: t0 + 1, limit: 10 } },
    { name: 'deleteWebhook', input: { webhookId: doomed.webhookId, now: t0, audit: anEvent() } },
  ]);
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    outcomes.map(() => true),
    webhookId,
  );
}

function anExpiry(certificateId: string): PkiEvent {
  const { example } = events['certificate.expiring'];
  return { type: 'certificate.expiring', subject: certificateId, at: t0, data: example as never };
}

function aStep(certificateId: string): RotationStep {
  const dueAt = t0 + 335 * dayMs;
  return {
    certificateId,
    expectedDueAt: dueAt,
    dueAt: null,
    stage: 'reminder',
    reminders: 0,
    event: anExpiry(certificateId),
  };
}

function aReschedule({ certificateId, serviceId, notAfter }: RecordIntentInput): Reschedule {
  return { certificateId, serviceId, ...aRotation({ notAfter: notAfter - dayMs }), isReplaced: false };
}

function aServedReport(intent: RecordIntentInput): RecordServedInput {
  const { fingerprint } = theCertificate(intent);
  const endpoints = [
    { endpoint: 'https://a', servedFingerprint: fingerprint, checkedAt: t0 },
    { endpoint: 'https://b', servedFingerprint: null, checkedAt: t0 },
  ];
  return { serviceId: intent.serviceId, endpoints, now: t0, audit: anEvent() };
}

/** In a commit of its own: rows of the schedule are made at the end of one. */
async function operateRotation(db: ReturnType<typeof connectSqliteWriter>, renewal: RecordIntentInput): Promise<void> {
  const outcomes = await new BatchRunner(db, { watched: true }).run([
    { name: 'advanceRotation', input: { steps: [aStep(renewal.certificateId)], now: t0 } },
    { name: 'rescheduleRotation', input: { certificates: [aReschedule(renewal)], rules: '{}' } },
    { name: 'recordServed', input: aServedReport(renewal) },
    { name: 'tellOnce', input: { notice: 'x', event: anExpiry(renewal.certificateId), now: t0 } },
  ]);
  assert.ok(outcomes.every(({ ok }) => ok));
}

function aResult(): DeliveryResult {
  return { id: 1, status: 'dead', dueAt: t0, attempts: 12, lastStatus: 500, lastError: 'HTTP 500' };
}
