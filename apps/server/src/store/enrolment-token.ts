/** A one-time token as the ledger knows it: everything but its secret. Times are milliseconds since the epoch. */
export interface EnrolmentTokenRecord {
  readonly tokenId: string;
  /** SHA-256 of the secret, lower-case hex. */
  readonly secretSha256: string;
  readonly serviceId: string;
  /** JSON arrays of names; both empty: whatever the whitelist allows the service. */
  readonly dns: string;
  readonly ip: string;
  /** SHA-256 of the one SubjectPublicKeyInfo it may be used for; null: any. */
  readonly csrKeySha256: string | null;
  readonly comment: string | null;
  readonly createdAt: number;
  /** The service whose certificate asked for it. */
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  readonly usedKeySha256: string | null;
  /** The certificate it became, or will have become in a moment. */
  readonly certificateId: string | null;
  readonly revokedAt: number | null;
}

/** What to select from `enrolment_tokens` for an {@link EnrolmentTokenRecord}. */
export const enrolmentTokenColumns = [
  'token_id as tokenId',
  'secret_sha256 as secretSha256',
  'service_id as serviceId',
  'dns',
  'ip',
  'csr_key_sha256 as csrKeySha256',
  'comment',
  'created_at as createdAt',
  'created_by as createdBy',
  'expires_at as expiresAt',
  'used_at as usedAt',
  'used_key_sha256 as usedKeySha256',
  'certificate_id as certificateId',
  'revoked_at as revokedAt',
] as const;
