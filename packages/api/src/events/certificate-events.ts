import { type Static, Type } from 'typebox';
import {
  CertificateId,
  FingerprintSha256,
  IssuerId,
  Profile,
  SerialNumber,
  ServiceId,
  Timestamp,
} from '../schemas/fields.ts';
import { RevocationReason } from '../schemas/revocation-reasons.ts';
import type { EventDefinition } from './event.ts';

/** Which certificate an event is about. */
const identity = {
  certificate_id: CertificateId,
  service_id: ServiceId,
  // That of a certificate, which is not always one that a request may ask for.
  common_name: Type.String({ description: 'Common name of the certificate.', maxLength: 253 }),
  serial_number: SerialNumber,
};

const facts = {
  ...identity,
  fingerprint_sha256: FingerprintSha256,
  issuer_id: IssuerId,
  profile: Profile,
  not_before: Timestamp,
  not_after: Timestamp,
};

const closed = { additionalProperties: false } as const;

const Issued = Type.Object(facts, closed);

const Renewed = Type.Object({ ...facts, replaces: CertificateId }, closed);

/** How loud the server is about a certificate that is not renewed. */
export const ExpiryStage = Type.Enum(['reminder', 'overdue', 'alert'], {
  type: 'string',
  description:
    'reminder: a day of notification_days; overdue: its renewal window is over; alert: it stayed so after max_retries reminders.',
});
export type ExpiryStage = Static<typeof ExpiryStage>;

const Expiring = Type.Object(
  {
    ...identity,
    not_after: Timestamp,
    days_left: Type.Integer({ description: 'Whole days until not_after, rounded up.', minimum: 0 }),
    stage: ExpiryStage,
    renewal_window: Type.Object({ start: Timestamp, end: Timestamp }, closed),
    auto_renew: Type.Boolean({ description: 'Whether the service is registered as one that renews by itself.' }),
  },
  closed,
);

const Expired = Type.Object(
  {
    ...identity,
    not_after: Timestamp,
    replaced_by: Type.Union([CertificateId, Type.Null()], {
      description: 'The certificate that renewed it; null: the service was left without it.',
    }),
  },
  closed,
);

const Revoked = Type.Object(
  {
    ...identity,
    not_after: Timestamp,
    revoked_at: Timestamp,
    reason: RevocationReason,
    key_blocked: Type.Boolean({ description: 'Whether its public key may never be used again.' }),
  },
  closed,
);

const identityExample = {
  certificate_id: 'cert_veritas_backend_20261121_5d0c1f9e7ab24c83d6e1',
  service_id: 'veritas-backend',
  common_name: 'veritas-backend.vcc.local',
  serial_number: '4afe0c53d7a1b26f8890d7c1e2f3045566aa',
};

const factsExample = {
  ...identityExample,
  fingerprint_sha256: '709fb1d17ab8930fa262c56a2cda07d2fcf810b07ba76acfdda0cea112ee95f4',
  issuer_id: 'd82cfa89650f37fbcfaf78d5bfb1951b7f2f2b8e',
  profile: 'service',
  not_before: '2026-11-21T22:22:05Z',
  not_after: '2027-11-21T22:22:05Z',
};

export const certificateEvents = {
  'certificate.issued': {
    summary: 'A certificate was issued that renews no other',
    subject: 'certificate_id',
    data: Issued,
    example: factsExample,
  },
  'certificate.renewed': {
    summary: 'A certificate was issued in place of another',
    subject: 'certificate_id',
    data: Renewed,
    example: { ...factsExample, replaces: 'cert_veritas_backend_20251202_0c7713a4b5f20e9d8c61' },
  },
  'certificate.expiring': {
    summary: 'A certificate comes to its end and has not been renewed',
    subject: 'certificate_id',
    data: Expiring,
    example: {
      ...identityExample,
      not_after: '2027-11-21T22:22:05Z',
      days_left: 7,
      stage: 'overdue',
      renewal_window: { start: '2027-11-02T03:46:55Z', end: '2027-11-02T13:22:56Z' },
      auto_renew: true,
    },
  },
  'certificate.expired': {
    summary: 'The validity of a certificate is over',
    subject: 'certificate_id',
    data: Expired,
    example: { ...identityExample, not_after: '2027-11-21T22:22:05Z', replaced_by: null },
  },
  'certificate.revoked': {
    summary: 'A certificate was revoked, or the reason changed to keyCompromise',
    subject: 'certificate_id',
    data: Revoked,
    example: {
      ...identityExample,
      not_after: '2027-11-21T22:22:05Z',
      revoked_at: '2026-11-23T08:00:00Z',
      reason: 'keyCompromise',
      key_blocked: true,
    },
  },
} as const satisfies Readonly<Record<string, EventDefinition>>;
