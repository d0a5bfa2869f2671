import { PkiError, type PkiEvent } from '@vcc-pki/api';
import type { AuditEvent } from '../../audit/index.ts';
import type { CertificatesTable } from '../database.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { RotationEntry } from '../rotation-entry.ts';
import { timestamp } from '../timestamp.ts';

export interface RecordCertificateInput {
  readonly certificateId: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly fingerprint: string;
  readonly pem: string;
  readonly now: number;
  /** When it is to be renewed; absent for those that the server renews for itself. */
  readonly rotation?: RotationEntry | undefined;
  readonly audit: AuditEvent;
}

/**
 * Records the certificate that an intent became.
 *
 * @throws PkiError `conflict` when there is no such intent any more: it was settled by a recovery meanwhile, and the
 *   certificate must not be handed out.
 */
export async function recordCertificate(tx: LedgerTransaction, input: RecordCertificateInput): Promise<void> {
  const certificate = await fulfilIntent.first(tx.db, input);
  if (certificate === undefined) throw new PkiError('conflict', 'This certificate was given up before it was signed.');
  const { replaces, not_after } = certificate;
  if (replaces !== null) await replace(tx, { replaces, certificateId: input.certificateId });
  schedule(tx, input, certificate);
  tx.refresh(certificate.service_id, input.now);
  tx.count('active', not_after, 1);
  tx.audit(input.audit);
  tx.emit(issuanceEvent(input, certificate));
}

async function replace(tx: LedgerTransaction, pair: { replaces: string; certificateId: string }): Promise<void> {
  await markReplaced.run(tx.db, pair);
  await completeRotation.run(tx.db, pair);
}

function schedule(tx: LedgerTransaction, { certificateId, rotation }: RecordCertificateInput, row: Fulfilled): void {
  if (rotation === undefined) return;
  tx.schedule({ ...rotation, certificateId, serviceId: row.service_id, isRenewal: row.replaces !== null });
}

type Fulfilled = Pick<
  CertificatesTable,
  'service_id' | 'common_name' | 'serial_number' | 'issuer_id' | 'profile' | 'not_before' | 'not_after' | 'replaces'
>;

function issuanceEvent({ certificateId, fingerprint, now }: RecordCertificateInput, certificate: Fulfilled): PkiEvent {
  const { replaces, ...stored } = certificate;
  const data = {
    ...stored,
    certificate_id: certificateId,
    fingerprint_sha256: fingerprint,
    not_before: timestamp(certificate.not_before),
    not_after: timestamp(certificate.not_after),
  };
  const about = { subject: certificateId, at: now };
  return replaces === null
    ? { type: 'certificate.issued', ...about, data }
    : { type: 'certificate.renewed', ...about, data: { ...data, replaces } };
}

const fulfilIntent = prepared((db, p: RecordCertificateInput) =>
  db
    .updateTable('certificates')
    .set({
      status: 'active',
      fingerprint_sha256: p.fingerprint,
      pem_certificate: p.pem,
      tbs_der: null,
      issued_at: p.now,
    })
    .where('certificate_id', '=', p.certificateId)
    .where('status', '=', 'intent')
    .returning([
      'service_id',
      'common_name',
      'serial_number',
      'issuer_id',
      'profile',
      'not_before',
      'not_after',
      'replaces',
    ]),
);

const markReplaced = prepared((db, p: { replaces: string; certificateId: string }) =>
  db.updateTable('certificates').set({ replaced_by: p.certificateId }).where('certificate_id', '=', p.replaces),
);

/** What is replaced needs no renewal, and nobody waits any more to see it served. */
const completeRotation = prepared((db, p: { replaces: string }) =>
  db
    .updateTable('rotation_schedule')
    .set({ status: 'completed', due_at: null, proof: 'none' })
    .where('certificate_id', '=', p.replaces)
    .where('status', '=', 'pending'),
);
