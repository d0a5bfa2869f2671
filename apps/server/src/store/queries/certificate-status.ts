import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { prepared } from '../prepared-query.ts';
import type { CertificateStatus } from '../tables/certificates.ts';

/** What the ledger says about a serial number, and nothing about its holder. */
export interface SerialStatus {
  /** As stored: `active` beyond its end as well, until it is swept. */
  readonly status: CertificateStatus;
  /** Null unless it is listed as revoked, be it a revoked certificate or an abandoned intent. */
  readonly revokedAt: number | null;
  /** A name from RFC 5280 s5.3.1; null like `revokedAt`. */
  readonly reason: string | null;
}

/** Finds what became of a serial number of an issuer; `undefined` when it was never given out. */
export function statusOfSerial(
  db: Kysely<Database>,
  serial: { readonly issuerId: string; readonly serialNumber: string },
): Promise<SerialStatus | undefined> {
  return statusBySerial.first(db, serial);
}

const statusBySerial = prepared((db, p: { issuerId: string; serialNumber: string }) =>
  db
    .selectFrom('certificates')
    .leftJoin('crl', 'crl.certificate_id', 'certificates.certificate_id')
    .select(['certificates.status as status', 'crl.revoked_at as revokedAt', 'crl.revocation_reason as reason'])
    .where('certificates.serial_number', '=', p.serialNumber)
    .where('certificates.issuer_id', '=', p.issuerId),
);
