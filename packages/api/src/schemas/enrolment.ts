import { type Static, Type } from 'typebox';
import { CertificateResource } from './certificates.ts';
import {
  CertificateId,
  Csr,
  KeyTypeHint,
  Metadata,
  Pem,
  SanDns,
  SanIp,
  ServiceId,
  Timestamp,
  ValidityDays,
  ValidityHours,
} from './fields.ts';
import { pageOf, pageQuery } from './page.ts';

/** `POST /enroll`: the token says for which service; the CSR says for which key. */
export const EnrolBody = Type.Object(
  {
    token: Type.String({
      description: 'The one-time token, as it was handed over: one word that begins with "vcc1.".',
      pattern: '^[!-~]+$',
      maxLength: 4096,
    }),
    csr: Csr,
    validity_days: Type.Optional(ValidityDays),
    validity_hours: Type.Optional(ValidityHours),
    key_type: Type.Optional(KeyTypeHint),
    metadata: Type.Optional(Metadata),
  },
  {
    title: 'EnrolBody',
    description: 'The names are those in the CSR, each of which the token must allow; without any, those of the token.',
    additionalProperties: false,
  },
);
export type EnrolBody = Static<typeof EnrolBody>;

/** The certificate, and what a newcomer does not have yet. */
export const EnrolmentResource = Type.Object(
  {
    ...CertificateResource.properties,
    root_pem: Type.String({
      ...Pem,
      description: 'The root in PEM; believe it only if its SHA-256 fingerprint is the one in the token.',
    }),
  },
  { title: 'Enrolment' },
);
export type EnrolmentResource = Static<typeof EnrolmentResource>;

const TokenId = Type.String({
  description: 'Names a token, no secret: tok_ and 32 hex digits.',
  pattern: '^tok_[0-9a-f]{32}$',
  maxLength: 36,
});

const CsrKeySha256 = Type.String({
  description: 'SHA-256 of the SubjectPublicKeyInfo of the one key that the token may be used for, lower-case hex.',
  pattern: '^[0-9a-f]{64}$',
  maxLength: 64,
});

const Comment = Type.String({
  description: 'What it is for, without control characters; shown in lists.',
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  maxLength: 256,
});

export const CreateTokenBody = Type.Object(
  {
    service_name: ServiceId,
    ttl_seconds: Type.Optional(
      Type.Integer({
        description: 'How long it may be used. Default and maximum: configuration.',
        minimum: 60,
        maximum: 2_592_000,
      }),
    ),
    dns: Type.Optional(SanDns),
    ip: Type.Optional(SanIp),
    csr_key_sha256: Type.Optional(CsrKeySha256),
    server_url: Type.Optional(
      Type.String({
        description: 'How the service reaches this server, when not by its first name and port: an https URL.',
        pattern: '^https://[!-~]+$',
        maxLength: 2048,
      }),
    ),
    comment: Type.Optional(Comment),
  },
  {
    title: 'CreateTokenBody',
    description: 'Without dns and ip the token is for whatever the whitelist allows the service.',
    additionalProperties: false,
  },
);
export type CreateTokenBody = Static<typeof CreateTokenBody>;

export const TokenStatus = Type.Enum(['open', 'used', 'expired', 'revoked'], {
  type: 'string',
  description: 'Whether it may still be used: open; or why not.',
});
export type TokenStatus = Static<typeof TokenStatus>;

const tokenMembers = {
  token_id: TokenId,
  service_name: ServiceId,
  status: TokenStatus,
  dns: SanDns,
  ip: SanIp,
  csr_key_sha256: Type.Optional(CsrKeySha256),
  comment: Type.Optional(Comment),
  created_at: Timestamp,
  created_by: ServiceId,
  expires_at: Timestamp,
  used_at: Type.Optional(Timestamp),
  certificate_id: Type.Optional(CertificateId),
  revoked_at: Type.Optional(Timestamp),
};

/** What is known about a token afterwards: everything but its secret. */
export const TokenResource = Type.Object(tokenMembers, { title: 'Token' });
export type TokenResource = Static<typeof TokenResource>;

/** The one answer that has the token itself. */
export const CreatedTokenResource = Type.Object(
  {
    ...tokenMembers,
    token: Type.String({
      description: 'Hand it to the service and to nobody else; it is not stored and is shown this once.',
      maxLength: 4096,
    }),
  },
  { title: 'CreatedToken' },
);
export type CreatedTokenResource = Static<typeof CreatedTokenResource>;

export const TokenPage = pageOf(TokenResource, { title: 'TokenPage', description: 'Newest first.' });
export type TokenPage = Static<typeof TokenPage>;

export const TokenParams = Type.Object({ id: TokenId }, { additionalProperties: false });
export type TokenParams = Static<typeof TokenParams>;

export const ListTokensQuery = Type.Object(
  { service: Type.Optional(ServiceId), ...pageQuery },
  { additionalProperties: false },
);
export type ListTokensQuery = Static<typeof ListTokensQuery>;
