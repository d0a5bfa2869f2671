import type { Kysely } from 'kysely';
import { type CertificateRecord, certificateColumns } from '../certificate-record.ts';
import type { Database } from '../database.ts';
import { isIssued } from '../issued.ts';
import { prepared } from '../prepared-query.ts';

/** Finds the certificate with that SHA-256 of its DER, lower-case hex; every request asks this about its caller. */
export function certificateByFingerprint(
  db: Kysely<Database>,
  fingerprint: string,
): Promise<CertificateRecord | undefined> {
  return byFingerprint.first(db, { fingerprint });
}

/** Finds a certificate, an intent or an abandoned one by its id. */
export function certificateById(db: Kysely<Database>, certificateId: string): Promise<CertificateRecord | undefined> {
  return byId.first(db, { certificateId });
}

/** Finds several certificates by their ids, in the order of the ids; unknown ids are left out. */
export async function certificatesById(
  db: Kysely<Database>,
  certificateIds: readonly string[],
): Promise<CertificateRecord[]> {
  if (certificateIds.length === 0) return [];
  const query = db.selectFrom('certificates').select(certificateColumns);
  return await query.where('certificate_id', 'in', certificateIds).orderBy('certificate_id').execute();
}

/** Finds a service's newest certificate that is neither revoked nor expired. */
export function currentCertificateOfService(
  db: Kysely<Database>,
  { serviceId, now }: { readonly serviceId: string; readonly now: number },
): Promise<CertificateRecord | undefined> {
  return currentOfService.first(db, { serviceId, now });
}

/**
 * Finds what a serial number was given to: one certificate, unless two issuers used the same.
 *
 * @param serialNumber lower-case hex without leading zero octets.
 */
export function certificatesBySerial(db: Kysely<Database>, serialNumber: string): Promise<CertificateRecord[]> {
  return bySerial.all(db, { serialNumber });
}

/** Finds what an issuer gave a serial number to. */
export function certificateBySerial(
  db: Kysely<Database>,
  { issuerId, serialNumber }: { readonly issuerId: string; readonly serialNumber: string },
): Promise<CertificateRecord | undefined> {
  return byIssuerAndSerial.first(db, { issuerId, serialNumber });
}

const byFingerprint = prepared((db, p: { fingerprint: string }) =>
  db.selectFrom('certificates').select(certificateColumns).where('fingerprint_sha256', '=', p.fingerprint),
);

const byId = prepared((db, p: { certificateId: string }) =>
  db.selectFrom('certificates').select(certificateColumns).where('certificate_id', '=', p.certificateId),
);

const currentOfService = prepared((db, p: { serviceId: string; now: number }) =>
  db
    .selectFrom('certificates')
    .select(certificateColumns)
    .where('service_id', '=', p.serviceId)
    .where(isIssued)
    .where('status', '=', 'active')
    .where('not_after', '>=', p.now)
    .orderBy('created_at', 'desc')
    .orderBy('certificate_id', 'desc')
    .limit(1),
);

const bySerial = prepared((db, p: { serialNumber: string }) =>
  db
    .selectFrom('certificates')
    .select(certificateColumns)
    .where('serial_number', '=', p.serialNumber)
    .orderBy('issuer_id'),
);

const byIssuerAndSerial = prepared((db, p: { issuerId: string; serialNumber: string }) =>
  db
    .selectFrom('certificates')
    .select(certificateColumns)
    .where('serial_number', '=', p.serialNumber)
    .where('issuer_id', '=', p.issuerId),
);
