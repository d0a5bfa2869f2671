import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { IssuerRole } from '../tables/certificates.ts';

/** A CA certificate. */
export interface IssuerRecord {
  /** Hex of the subject key identifier. */
  readonly issuerId: string;
  readonly subject: string;
  readonly certificatePem: string;
  readonly role: IssuerRole;
  readonly serialNumber: string;
  readonly fingerprintSha256: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly parentIssuerId: string | null;
  /** Into how many shards its CRL is divided, for good; null for a CA whose CRL is not (the root). */
  readonly crlShards: number | null;
}

export interface RecordIssuerInput extends IssuerRecord {
  readonly audit: AuditEvent;
}

export interface RecordIssuerOutput {
  /** False when this very certificate was known already. */
  readonly first: boolean;
}

/**
 * Records a CA; calling it at every start does no harm, and only the first time is audited.
 *
 * @throws PkiError `conflict` when another certificate is recorded under the same key identifier.
 */
export async function recordIssuer(tx: LedgerTransaction, input: RecordIssuerInput): Promise<RecordIssuerOutput> {
  if ((await insertIssuer.run(tx.db, input)) > 0) {
    tx.audit(input.audit);
    return { first: true };
  }
  const known = await knownIssuer.first(tx.db, input);
  if (known?.fingerprint_sha256 !== input.fingerprintSha256) {
    throw new PkiError('conflict', `Another certificate of the CA key ${input.issuerId} is recorded.`);
  }
  return { first: false };
}

const insertIssuer = prepared((db, p: IssuerRecord) =>
  db
    .insertInto('issuers')
    .values({
      issuer_id: p.issuerId,
      subject: p.subject,
      certificate_pem: p.certificatePem,
      role: p.role,
      serial_number: p.serialNumber,
      fingerprint_sha256: p.fingerprintSha256,
      not_before: p.notBefore,
      not_after: p.notAfter,
      parent_issuer_id: p.parentIssuerId,
      crl_shards: p.crlShards,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const knownIssuer = prepared((db, p: { issuerId: string }) =>
  db.selectFrom('issuers').select('fingerprint_sha256').where('issuer_id', '=', p.issuerId),
);
