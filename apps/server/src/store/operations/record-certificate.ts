import type { PkiEvent } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { RotationEntry } from '../rotation-entry.ts';
import { timestamp } from '../timestamp.ts';
import type { RecordIntentInput } from './record-intent.ts';

export interface RecordCertificateInput extends RecordedIntent {
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly fingerprint: string;
  /** The issuer's, over the `tbsDer` of the intent. */
  readonly signature: Uint8Array;
  readonly now: number;
  /** When it is to be renewed; absent for those that the server renews for itself. */
  readonly rotation?: RotationEntry | undefined;
}

/** What of an intent is told again with its certificate, as it was recorded. */
type RecordedIntent = Pick<
  RecordIntentInput,
  | 'certificateId'
  | 'serviceId'
  | 'issuerId'
  | 'serialNumber'
  | 'commonName'
  | 'profile'
  | 'notBefore'
  | 'notAfter'
  | 'replaces'
>;

/**
 * Records the certificate that an intent became. The audit entry was written with the intent, before the CA key was used.
 *
 * @throws PkiError `conflict` when there is no such intent any more: it was settled by a recovery meanwhile, and the
 *   certificate must not be handed out.
 */
export async function recordCertificate(tx: LedgerTransaction, input: RecordCertificateInput): Promise<void> {
  const fulfilled = await fulfilIntent.run(tx.db, input);
  if (fulfilled === 0) throw new PkiError('conflict', 'This certificate was given up before it was signed.');
  const { certificateId, serviceId, replaces, rotation } = input;
  if (replaces !== undefined) await replace(tx, { replaces, certificateId });
  if (rotation !== undefined) {
    tx.schedule({ ...rotation, certificateId, serviceId, isRenewal: replaces !== undefined });
  }
  tx.refresh(serviceId, input.now);
  tx.count('active', input.notAfter, 1);
  tx.emit(issuanceEvent(input));
}

async function replace(tx: LedgerTransaction, pair: { replaces: string; certificateId: string }): Promise<void> {
  await markReplaced.run(tx.db, pair);
  await completeRotation.run(tx.db, pair);
}

function issuanceEvent({ replaces, now, ...certificate }: RecordCertificateInput): PkiEvent {
  const data = {
    certificate_id: certificate.certificateId,
    service_id: certificate.serviceId,
    issuer_id: certificate.issuerId,
    serial_number: certificate.serialNumber,
    common_name: certificate.commonName,
    profile: certificate.profile,
    fingerprint_sha256: certificate.fingerprint,
    not_before: timestamp(certificate.notBefore),
    not_after: timestamp(certificate.notAfter),
  };
  const about = { subject: certificate.certificateId, at: now };
  return replaces === undefined
    ? { type: 'certificate.issued', ...about, data }
    : { type: 'certificate.renewed', ...about, data: { ...data, replaces } };
}

/** Without `returning`, which costs SQLite more than the update. */
const fulfilIntent = prepared((db, p: RecordCertificateInput) =>
  db
    .updateTable('certificates')
    .set({
      status: 'active',
      fingerprint_sha256: p.fingerprint,
      signature: p.signature,
      issued_at: p.now,
    })
    .where('certificate_id', '=', p.certificateId)
    .where('status', '=', 'intent'),
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
