import { type Static, Type } from 'typebox';
import { CertificateId, FingerprintSha256, ServiceId, Timestamp } from './fields.ts';
import { pageOf, pageQuery } from './page.ts';

const Action = Type.String({
  description: 'What was asked (request, renew, revoke, download ...): letters, digits, dots, underscores and hyphens.',
  pattern: '^[A-Za-z][A-Za-z0-9_.-]*$',
  maxLength: 64,
});

const ChainHash = Type.String({ description: 'SHA-256, lower-case hex.', pattern: '^[0-9a-f]{64}$', maxLength: 64 });

export const ListAuditQuery = Type.Object(
  {
    service: Type.Optional(ServiceId),
    action: Type.Optional(Action),
    certificate_id: Type.Optional(CertificateId),
    since: Type.Optional(Type.String({ ...Timestamp, description: 'Entries from then on; RFC 3339 in UTC.' })),
    until: Type.Optional(Type.String({ ...Timestamp, description: 'Entries before then; RFC 3339 in UTC.' })),
    ...pageQuery,
  },
  { additionalProperties: false },
);
export type ListAuditQuery = Static<typeof ListAuditQuery>;

export const AuditEntryResource = Type.Object(
  {
    id: Type.Integer({ description: 'Position in the chain, without gaps.', minimum: 1 }),
    timestamp: Type.String({ ...Timestamp, description: 'RFC 3339 in UTC with milliseconds.' }),
    service_id: Type.Optional(Type.String({ description: 'Service of the caller.', maxLength: 63 })),
    action: Action,
    certificate_id: Type.Optional(Type.String({ description: 'What it was about.', maxLength: 142 })),
    client_ip: Type.Optional(Type.String({ maxLength: 45 })),
    client_cert_fingerprint: Type.Optional(FingerprintSha256),
    request_id: Type.Optional(Type.String({ description: 'As in the log and in problems.', maxLength: 128 })),
    status: Type.Enum(['success', 'refused', 'failed'], { type: 'string', description: 'How it ended.' }),
    details: Type.Record(Type.String(), Type.Unknown(), { description: 'Facts of this kind of event.' }),
    previous_hash: ChainHash,
    hash: ChainHash,
  },
  { title: 'AuditEntry', description: 'Each entry contains the hash of the one before: no change goes unseen.' },
);
export type AuditEntryResource = Static<typeof AuditEntryResource>;

export const AuditPage = pageOf(AuditEntryResource, { title: 'AuditPage', description: 'Newest first.' });
export type AuditPage = Static<typeof AuditPage>;
