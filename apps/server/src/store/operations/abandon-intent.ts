import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { releasePlaces } from './expire-certificates.ts';
import { listAsRevoked } from './list-as-revoked.ts';

export interface AbandonIntentInput {
  readonly certificateId: string;
  /** The CRL entry for its serial number, without a reason (RFC 5280 s5.3.1: 0 is left out). */
  readonly entryDer: Uint8Array;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Gives up an intent that never became a certificate. A signature may exist all the same, so its serial number is
 * listed as revoked; quota and idempotency key are given back.
 *
 * @throws PkiError `conflict` when it is no intent any more.
 */
export async function abandonIntent(tx: LedgerTransaction, input: AbandonIntentInput): Promise<void> {
  const { certificateId, entryDer, now } = input;
  const intent = await markAbandoned.first(tx.db, { certificateId });
  if (intent === undefined) throw new PkiError('conflict', `${certificateId} is no intent.`);
  await releasePlaces.run(tx.db, { serviceId: intent.serviceId, places: 1 });
  await releaseKey.run(tx.db, { certificateId });
  await listAsRevoked(tx, { ...intent, certificateId, revokedAt: now, reason: 'unspecified', entryDer });
  tx.audit(input.audit);
}

const markAbandoned = prepared((db, p: { certificateId: string }) =>
  db
    .updateTable('certificates')
    .set({ status: 'abandoned', tbs_der: null })
    .where('certificate_id', '=', p.certificateId)
    .where('status', '=', 'intent')
    .returning([
      'service_id as serviceId',
      'issuer_id as issuerId',
      'serial_number as serialNumber',
      'not_after as notAfter',
    ]),
);

const releaseKey = prepared((db, p: { certificateId: string }) =>
  db.deleteFrom('idempotency_keys').where('certificate_id', '=', p.certificateId),
);
