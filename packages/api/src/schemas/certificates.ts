import { type Static, Type } from 'typebox';
import {
  CertificateId,
  CertificateIdOrServiceId,
  CertificateStatus,
  CommonName,
  Csr,
  FingerprintSha256,
  IssuerId,
  IssuerName,
  KeyType,
  KeyTypeHint,
  LedgerStatus,
  Metadata,
  Pem,
  Profile,
  SanDns,
  SanEmail,
  SanIp,
  SanUri,
  SerialNumber,
  SerialNumberDecimal,
  ServiceId,
  Timestamp,
  Url,
  ValidityDays,
  ValidityHours,
} from './fields.ts';
import { KekId, KekResource } from './keks.ts';
import { pageOf, pageQuery } from './page.ts';
import { RevocationReason } from './revocation-reasons.ts';

export const CertificateParams = Type.Object({ id: CertificateIdOrServiceId }, { additionalProperties: false });
export type CertificateParams = Static<typeof CertificateParams>;

/** `POST /certificates/request`: the fields of the mission text and the CSR, for no key is ever made on the server. */
export const RequestCertificateBody = Type.Object(
  {
    service_name: ServiceId,
    csr: Csr,
    common_name: Type.Optional(CommonName),
    san_dns: Type.Optional(SanDns),
    san_ip: Type.Optional(SanIp),
    san_uri: Type.Optional(SanUri),
    san_email: Type.Optional(SanEmail),
    validity_days: Type.Optional(ValidityDays),
    validity_hours: Type.Optional(ValidityHours),
    key_type: Type.Optional(KeyTypeHint),
    key_size: Type.Optional(
      Type.Integer({
        description: 'Size of the key in the CSR in bits; a statement that is checked, not a wish.',
        minimum: 256,
        maximum: 16_384,
      }),
    ),
    profile: Type.Optional(Profile),
    metadata: Type.Optional(Metadata),
  },
  {
    title: 'RequestCertificateBody',
    description: 'Names are those given here together with those in the CSR; each must be one the service may hold.',
    additionalProperties: false,
  },
);
export type RequestCertificateBody = Static<typeof RequestCertificateBody>;

/** `POST /certificates/{id}/renew`: a new issue of the same names under today's profile and policy. */
export const RenewCertificateBody = Type.Object(
  {
    csr: Csr,
    validity_days: Type.Optional(ValidityDays),
    validity_hours: Type.Optional(ValidityHours),
  },
  { title: 'RenewCertificateBody', additionalProperties: false },
);
export type RenewCertificateBody = Static<typeof RenewCertificateBody>;

const Links = Type.Object(
  { self: Url, download: Url, renew: Url, revoke: Url },
  { description: 'Paths of the operations on this certificate.' },
);

/** RFC 9773 s4.2, with the member names of this interface. */
export const RenewalInfo = Type.Object(
  {
    suggested_window: Type.Object(
      { start: Timestamp, end: Timestamp },
      { description: 'Renew at a moment of it, chosen at random; at once when it is over.' },
    ),
    reason: Type.Enum(['scheduled', 'revoked', 'keyBlocked', 'issuerKeyBlocked'], {
      type: 'string',
      description:
        'Why the window lies there: scheduled by the end of validity, or in the past because the certificate is revoked, or its key or that of its issuer is blocked.',
    }),
    explanation_url: Type.Optional(
      Type.String({ description: 'Path of what explains a window that was not scheduled.', maxLength: 2048 }),
    ),
  },
  { title: 'RenewalInfo' },
);
export type RenewalInfo = Static<typeof RenewalInfo>;

/** What a listing and a single answer both say. */
const summary = {
  certificate_id: CertificateId,
  service_name: ServiceId,
  common_name: CommonName,
  serial_number: SerialNumber,
  serial_number_decimal: SerialNumberDecimal,
  not_before: Timestamp,
  not_after: Timestamp,
  issuer: IssuerName,
  issuer_id: IssuerId,
  profile: Profile,
  key_type: KeyType,
  created_at: Timestamp,
  replaces: Type.Optional(CertificateId),
  replaced_by: Type.Optional(CertificateId),
  revoked_at: Type.Optional(Timestamp),
  revocation_reason: Type.Optional(RevocationReason),
  renewal_info: RenewalInfo,
  metadata: Metadata,
  download_url: Url,
  links: Links,
  /** With `type=KEK`, and where the id is a KEK's: the names that the mission gives them. */
  id: Type.Optional(KekId),
  cert: Type.Optional(Pem),
  valid_until: Type.Optional(Timestamp),
  kek: Type.Optional(KekResource),
};

/** An entry of a listing. */
export const CertificateSummary = Type.Object(
  { ...summary, status: LedgerStatus, fingerprint_sha256: Type.Optional(FingerprintSha256) },
  { title: 'CertificateSummary' },
);
export type CertificateSummary = Static<typeof CertificateSummary>;

/** A certificate with everything a service needs to use it. */
export const CertificateResource = Type.Object(
  {
    ...summary,
    status: CertificateStatus,
    fingerprint_sha256: FingerprintSha256,
    san_dns: SanDns,
    san_ip: SanIp,
    san_uri: SanUri,
    san_email: SanEmail,
    certificate_pem: Pem,
    chain_pem: Type.String({
      description: 'The issuers in PEM, nearest first, without the root (RFC 8446 s4.4.2).',
      maxLength: 262_144,
    }),
    drop_candidate: Type.Optional(
      Type.String({
        description:
          'After a renewal that goes beyond the quota: the certificate_id to revoke once the new one is in use.',
        maxLength: 142,
      }),
    ),
  },
  { title: 'Certificate' },
);
export type CertificateResource = Static<typeof CertificateResource>;

export const CertificatePage = pageOf(CertificateSummary, {
  title: 'CertificatePage',
  description: 'Newest first.',
});
export type CertificatePage = Static<typeof CertificatePage>;

export const ListCertificatesQuery = Type.Object(
  {
    type: Type.Optional(
      Type.Enum(['KEK'], {
        type: 'string',
        description:
          'Key-encryption keys of the lines that the caller may use; of the filters only limit and cursor go with it.',
      }),
    ),
    service: Type.Optional(ServiceId),
    status: Type.Optional(LedgerStatus),
    name: Type.Optional(
      Type.String({
        description:
          'A name that the certificate holds, in full: common name or an entry of subjectAltName, without control characters.',
        pattern: '^[^\\u0000-\\u001f\\u007f]+$',
        minLength: 1,
        maxLength: 2048,
      }),
    ),
    expiring_within_days: Type.Optional(
      Type.Integer({ description: 'Active ones whose not_after lies within so many days.', minimum: 0, maximum: 3650 }),
    ),
    issuer: Type.Optional(
      Type.String({
        description: 'issuer_id or name of the issuer, without control characters.',
        pattern: '^[^\\u0000-\\u001f\\u007f]+$',
        minLength: 1,
        maxLength: 1024,
      }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);
export type ListCertificatesQuery = Static<typeof ListCertificatesQuery>;

export const DownloadCertificateQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Enum(['pem', 'der', 'pkcs7'], {
        type: 'string',
        description: 'PEM (RFC 7468), DER of the leaf (RFC 5280), or certs-only CMS in DER (RFC 8551).',
        default: 'pem',
      }),
    ),
    part: Type.Optional(
      Type.Enum(['leaf', 'chain', 'fullchain'], {
        type: 'string',
        description:
          'The certificate, its issuers without the root, or both, leaf first. Default: fullchain; with format=der leaf, which is the only one DER can hold.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type DownloadCertificateQuery = Static<typeof DownloadCertificateQuery>;

/** Draft "The Idempotency-Key HTTP Header Field": a repeated request gets the first answer again. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Chosen by the caller, best a UUID, without spaces and in ASCII; the same key with the same request gets the same answer again.',
      pattern: '^[!-~]+$',
      maxLength: 255,
    }),
  ),
});
export type IdempotencyHeaders = Static<typeof IdempotencyHeaders>;
