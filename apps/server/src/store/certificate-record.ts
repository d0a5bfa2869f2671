import type { CertificateStatus } from './tables/certificates.ts';

/** A certificate as the ledger knows it. Times are milliseconds since the epoch, hashes and serials lower-case hex. */
export interface CertificateRecord {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly issuerId: string;
  /** The issuer's name as text. */
  readonly issuer: string;
  readonly serialNumber: string;
  readonly commonName: string;
  /** Null while an intent. */
  readonly fingerprintSha256: string | null;
  readonly spkiSha256: string;
  readonly keyType: string;
  readonly profile: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** As stored; {@link effectiveStatus} says what it is now. */
  readonly status: CertificateStatus;
  /** DER of what is signed; null when it was abandoned. {@link certificateDer} puts the certificate together. */
  readonly tbsDer: Uint8Array | null;
  /** Null while an intent. */
  readonly signature: Uint8Array | null;
  /** JSON text of an object. */
  readonly metadata: string;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly requesterFingerprint: string | null;
  readonly instance: string;
  readonly createdAt: number;
  readonly issuedAt: number | null;
  readonly revokedAt: number | null;
  readonly revocationReason: string | null;
}

/** What to select from `certificates` for a {@link CertificateRecord}. */
export const certificateColumns = [
  'certificates.certificate_id as certificateId',
  'certificates.service_id as serviceId',
  'certificates.issuer_id as issuerId',
  'certificates.issuer as issuer',
  'certificates.serial_number as serialNumber',
  'certificates.common_name as commonName',
  'certificates.fingerprint_sha256 as fingerprintSha256',
  'certificates.spki_sha256 as spkiSha256',
  'certificates.key_type as keyType',
  'certificates.profile as profile',
  'certificates.not_before as notBefore',
  'certificates.not_after as notAfter',
  'certificates.status as status',
  'certificates.tbs_der as tbsDer',
  'certificates.signature as signature',
  'certificates.metadata as metadata',
  'certificates.replaces as replaces',
  'certificates.replaced_by as replacedBy',
  'certificates.requester_fingerprint as requesterFingerprint',
  'certificates.instance as instance',
  'certificates.created_at as createdAt',
  'certificates.issued_at as issuedAt',
  'certificates.revoked_at as revokedAt',
  'certificates.revocation_reason as revocationReason',
] as const;

/** A validity includes its last millisecond (RFC 5280 s4.1.2.5: the notAfter is inclusive). */
function isPast(notAfter: number, now: number): boolean {
  return notAfter < now;
}

/** The status at a time: an active certificate past its notAfter is expired, whether the sweep has come by or not. */
export function effectiveStatus(
  certificate: Pick<CertificateRecord, 'status' | 'notAfter'>,
  now: number,
): CertificateStatus {
  return certificate.status === 'active' && isPast(certificate.notAfter, now) ? 'expired' : certificate.status;
}
