import { Type } from 'typebox';
import { FingerprintSha256, IssuerId, SerialNumber, Timestamp } from '../schemas/fields.ts';
import type { EventDefinition } from './event.ts';

const closed = { additionalProperties: false } as const;

const Expiring = Type.Object(
  {
    issuer_id: Type.String({
      ...IssuerId,
      description: 'The CA; of a server or OCSP certificate the CA that issued it.',
    }),
    role: Type.Enum(['root', 'intermediate', 'server', 'ocsp'], {
      type: 'string',
      description: 'Whose certificate it is; server and ocsp are those of the PKI itself, which it renews by itself.',
    }),
    subject: Type.String({ description: 'Name in the certificate.', maxLength: 1024 }),
    serial_number: SerialNumber,
    fingerprint_sha256: FingerprintSha256,
    not_after: Timestamp,
    days_left: Type.Integer({ description: 'Whole days until not_after, rounded up.', minimum: 0 }),
  },
  closed,
);

const CrlStale = Type.Object(
  {
    issuer_id: IssuerId,
    scope: Type.String({
      description: 'full, delta, or the number of a shard.',
      pattern: '^(?:full|delta|[0-9]{1,5})$',
    }),
    number: Type.Integer({ description: 'CRL number of the newest one there is.', minimum: 0 }),
    next_update: Timestamp,
  },
  closed,
);

const issuerId = 'd82cfa89650f37fbcfaf78d5bfb1951b7f2f2b8e';

export const authorityEvents = {
  'ca.expiring': {
    summary: 'A certificate of the PKI itself comes to its end',
    subject: 'issuer_id',
    data: Expiring,
    example: {
      issuer_id: issuerId,
      role: 'intermediate',
      subject: 'CN=VCC Intermediate CA,O=VCC Framework,C=DE',
      serial_number: '2c91d3aa70b14f6e8d05',
      fingerprint_sha256: '1f0cf2b5d9a84e37c6b0aa94d1e35f7720c8be4416d97a530b2f8ce1947da603',
      not_after: '2031-11-20T22:22:05Z',
      days_left: 180,
    },
  },
  'crl.stale': {
    summary: 'A CRL is past its nextUpdate and no newer one was published',
    subject: 'issuer_id',
    data: CrlStale,
    example: { issuer_id: issuerId, scope: '10', number: 1042, next_update: '2026-11-23T08:00:00Z' },
  },
} as const satisfies Readonly<Record<string, EventDefinition>>;
