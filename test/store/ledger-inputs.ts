import type { AuditEvent } from '../../apps/server/src/audit/index.ts';
import type {
  CreateWebhookInput,
  PublishCrlInput,
  RecordCertificateInput,
  RecordIntentInput,
  RecordIssuerInput,
  RecordRevocationInput,
  RegisterServiceInput,
  RotationEntry,
  Store,
} from '../../apps/server/src/store/index.ts';
import type { OpenFresh, TestStore } from '../support/databases.ts';

/** A moment at which nothing special happens; the tests count from here. */
export const t0 = Date.UTC(2026, 0, 15, 12);

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

/** The one issuer of these tests. */
export const issuerId = 'aa'.repeat(20);

/** The bytes of a CRL entry are the caller's business; the ledger keeps them as they are. */
export const entryDer = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x07]);

export function anEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    timestamp: t0,
    requestId: 'request-1',
    serviceId: 'veritas-backend',
    action: 'request',
    certificateId: null,
    clientIp: '192.0.2.7',
    clientCertFingerprint: 'cc'.repeat(32),
    status: 'success',
    details: {},
    ...changes,
  };
}

export function anIssuer(changes: Partial<RecordIssuerInput> = {}): RecordIssuerInput {
  return {
    issuerId,
    subject: 'CN=VCC Intermediate CA',
    certificatePem: 'PEM',
    role: 'intermediate',
    serialNumber: '01',
    fingerprintSha256: 'dd'.repeat(32),
    notBefore: t0 - dayMs,
    notAfter: t0 + 1825 * dayMs,
    parentIssuerId: null,
    crlShards: 4,
    audit: anEvent({ action: 'record-issuer' }),
    ...changes,
  };
}

/** Opens a store that knows the issuer. */
export async function openWithIssuer(openFresh: OpenFresh): Promise<TestStore> {
  const store = await openFresh();
  await store.ledger.submit('recordIssuer', anIssuer());
  return store;
}

let counter = 0;

/** An intent with a certificate id, serial number and key of its own, and no limit in its way. */
export function anIntent(changes: Partial<RecordIntentInput> = {}): RecordIntentInput {
  counter += 1;
  const mark = counter.toString(16).padStart(8, '0');
  const certificateId = changes.certificateId ?? `cert_veritas_backend_20260115_${mark}`;
  return {
    certificateId,
    serviceId: 'veritas-backend',
    issuerId,
    issuerName: 'CN=VCC Intermediate CA',
    serialNumber: `5a${mark.repeat(4)}`,
    commonName: 'veritas-backend.vcc.local',
    names: ['veritas-backend.vcc.local', 'veritas-backend'],
    spkiSha256: mark.repeat(8),
    keyType: 'ec-p256',
    profile: 'service',
    notBefore: t0,
    notAfter: t0 + 365 * dayMs,
    tbsDer: new Uint8Array([0x30, 0x00]),
    requesterFingerprint: 'cc'.repeat(32),
    metadata: { owner: 'VERITAS Team' },
    instance: 'server-1',
    limits: noLimits,
    now: t0,
    audit: anEvent({ certificateId }),
    ...changes,
  };
}

/** Limits that no test reaches. */
export const noLimits = {
  maxCertificates: 1_000_000,
  mayExceedByRenewal: false,
  ratePerHour: 1_000_000,
  globalRatePerHour: 1_000_000,
  rateExempt: false,
};

/** What follows an intent; the fingerprint comes from its serial number. */
export function theCertificate(
  intent: RecordIntentInput,
  changes: Partial<RecordCertificateInput> = {},
): RecordCertificateInput {
  return {
    ...intent,
    fingerprint: intent.serialNumber.padEnd(64, '0'),
    signature: Buffer.from(`signature of ${intent.certificateId}`),
    now: intent.now,
    rotation: aRotation(intent),
    ...changes,
  };
}

export function aRevocation(
  certificateId: string,
  changes: Partial<RecordRevocationInput> = {},
): RecordRevocationInput {
  return {
    certificateId,
    reason: 'superseded',
    entryDer,
    now: t0 + hourMs,
    blockKey: false,
    audit: anEvent({ action: 'revoke', certificateId }),
    ...changes,
  };
}

/** A full CRL that nobody holds a lease for. */
export function aPublication(changes: Partial<PublishCrlInput> = {}): PublishCrlInput {
  return {
    issuerId,
    scope: 'full',
    number: 1,
    thisUpdate: t0,
    nextUpdate: t0 + dayMs,
    sha256: 'ee'.repeat(32),
    revision: 0,
    entries: 0,
    readAt: t0,
    baseNumber: null,
    part: 0,
    der: new Uint8Array([0x30, 0x00]),
    owner: null,
    now: t0,
    keep: 2,
    audit: anEvent({ action: 'publish-crl' }),
    ...changes,
  };
}

/** Records an intent and its certificate. */
export async function issue(store: Store, changes: Partial<RecordIntentInput> = {}): Promise<RecordIntentInput> {
  const intent = anIntent(changes);
  await store.ledger.submit('recordIntent', intent);
  await store.ledger.submit('recordCertificate', theCertificate(intent));
  return intent;
}

/** A subscription to the certificates that are issued. */
export function aWebhook(changes: Partial<CreateWebhookInput> = {}): CreateWebhookInput {
  counter += 1;
  return {
    webhookId: `wh_${counter.toString(16).padStart(20, '0')}`,
    url: 'https://receiver.example/hook',
    description: '',
    eventTypes: ['certificate.issued'],
    secret: 'sealed',
    now: t0,
    audit: anEvent({ action: 'webhook-create' }),
    ...changes,
  };
}

/** A window of a day, thirty days before the end. */
export function aRotation({ notAfter }: Pick<RecordIntentInput, 'notAfter'>): RotationEntry {
  const windowStart = notAfter - 30 * dayMs;
  return { windowStart, windowEnd: windowStart + dayMs, dueAt: windowStart };
}

export function aRegistration(changes: Partial<RegisterServiceInput> = {}): RegisterServiceInput {
  return {
    serviceId: 'veritas-backend',
    serviceName: 'VERITAS Backend API',
    serviceType: 'backend',
    endpoints: ['https://localhost:45678'],
    healthCheckUrl: 'https://localhost:45678/health',
    autoRenew: true,
    byAdmin: false,
    now: t0,
    audit: anEvent({ action: 'register-service' }),
    ...changes,
  };
}
