/** The CAs that issued what is recorded here. */
export interface IssuersTable {
  /** Hex of the subject key identifier (RFC 5280 s4.2.1.2). */
  issuer_id: string;
  subject: string;
  certificate_pem: string;
  role: IssuerRole;
  serial_number: string;
  fingerprint_sha256: string;
  not_before: number;
  not_after: number;
  parent_issuer_id: string | null;
  /** Into how many shards its CRL is divided; null: not settled yet (a ledger of an older server), or never (root). */
  crl_shards: number | null;
}

/** A CA signs itself (`root`) or was signed by another (`intermediate`). */
export type IssuerRole = 'root' | 'intermediate';

/**
 * `intent`: about to be signed. `active`: issued; past its notAfter it IS expired, swept or not. `expired`: swept.
 * `revoked`: listed in the CRL. `abandoned`: an intent without a certificate, listed as well.
 */
export type CertificateStatus = 'intent' | 'active' | 'expired' | 'revoked' | 'abandoned';

export interface CertificatesTable {
  certificate_id: string;
  service_id: string;
  issuer_id: string;
  /** The issuer's name as text (RFC 4514), the mission's `issuer`. */
  issuer: string;
  serial_number: string;
  common_name: string;
  /** Null while an intent. */
  fingerprint_sha256: string | null;
  spki_sha256: string;
  key_type: string;
  profile: string;
  not_before: number;
  not_after: number;
  status: CertificateStatus;
  /** What is signed, written before it is; null when it was abandoned. Together with the signature the certificate. */
  tbs_der: Uint8Array | null;
  /** Null while an intent. */
  signature: Uint8Array | null;
  /** JSON object. */
  metadata: string;
  /** The certificate that this one renews. */
  replaces: string | null;
  /** The newest certificate that renewed this one. */
  replaced_by: string | null;
  requester_fingerprint: string | null;
  /** The server process that recorded the intent. */
  instance: string;
  created_at: number;
  issued_at: number | null;
  revoked_at: number | null;
  revocation_reason: string | null;
}

/** The list filter `name`: common name and every SAN value, lower-cased. */
export interface CertificateNamesTable {
  name: string;
  /** The certificate's, so that one index gives a name's certificates in order. */
  created_at: number;
  certificate_id: string;
}

/** Certificates by status and day of expiry, kept with every change so that metrics never count rows. */
export interface CertificateCountsTable {
  status: CertificateStatus;
  /** Days since the epoch of the notAfter. */
  expiry_day: number;
  count: number;
}

/** Public keys that nobody gets a certificate for. */
export interface BlockedKeysTable {
  spki_sha256: string;
  reason: string;
  certificate_id: string | null;
  blocked_at: number;
}

export interface IdempotencyKeysTable {
  service_id: string;
  idempotency_key: string;
  request_sha256: string;
  certificate_id: string;
  created_at: number;
  expires_at: number;
}

/** One-time tokens; the secret itself is nowhere. */
export interface EnrolmentTokensTable {
  token_id: string;
  secret_sha256: string;
  service_id: string;
  /** JSON array of DNS names. */
  dns: string;
  /** JSON array of addresses. */
  ip: string;
  csr_key_sha256: string | null;
  comment: string | null;
  created_at: number;
  created_by: string;
  expires_at: number;
  used_at: number | null;
  /** SHA-256 of the SubjectPublicKeyInfo that it was used for. */
  used_key_sha256: string | null;
  certificate_id: string | null;
  revoked_at: number | null;
}

/** Limits that no service owns; the one there is now is `global`. */
export interface RateLimitsTable {
  key: string;
  tat_ms: number;
}
