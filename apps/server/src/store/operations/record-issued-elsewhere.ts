import { PkiError } from '@vcc-pki/api/without-schemas';
import { canonicalJson } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { RecordCertificateInput } from './record-certificate.ts';
import type { RecordIntentInput } from './record-intent.ts';
import { recordService } from './reserve-certificate.ts';

/** A finished certificate, with all that an intent and its certificate would have said. */
export type RecordIssuedElsewhereInput = Omit<
  RecordIntentInput,
  'limits' | 'idempotency' | 'replaces' | 'requesterFingerprint'
> &
  Pick<RecordCertificateInput, 'fingerprint' | 'signature'>;

/**
 * Records a certificate that was made before this ledger could be asked: those of `init`. No quota, no rate.
 *
 * @throws PkiError `conflict` when its id, serial number or fingerprint is known.
 */
export async function recordIssuedElsewhere(tx: LedgerTransaction, input: RecordIssuedElsewhereInput): Promise<void> {
  await recordService(tx, input.serviceId, input.now);
  const row = { ...input, metadata: canonicalJson(input.metadata) };
  if ((await insertIssued.run(tx.db, row)) === 0) {
    throw new PkiError('conflict', `The certificate ${input.certificateId} is recorded already.`);
  }
  tx.file({ certificateId: input.certificateId, names: input.names, createdAt: input.now });
  await addPlace.run(tx.db, input);
  tx.refresh(input.serviceId, input.now);
  tx.count('active', input.notAfter, 1);
  tx.audit(input.audit);
}

const insertIssued = prepared((db, p: Omit<RecordIssuedElsewhereInput, 'metadata'> & { metadata: string }) =>
  db
    .insertInto('certificates')
    .values({
      certificate_id: p.certificateId,
      service_id: p.serviceId,
      issuer_id: p.issuerId,
      issuer: p.issuerName,
      serial_number: p.serialNumber,
      common_name: p.commonName,
      fingerprint_sha256: p.fingerprint,
      spki_sha256: p.spkiSha256,
      key_type: p.keyType,
      profile: p.profile,
      not_before: p.notBefore,
      not_after: p.notAfter,
      status: 'active',
      tbs_der: p.tbsDer,
      signature: p.signature,
      metadata: p.metadata,
      instance: p.instance,
      created_at: p.now,
      issued_at: p.now,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const addPlace = prepared((db, p: { serviceId: string }) =>
  db
    .updateTable('services')
    .set((eb) => ({ active_certificates: eb('active_certificates', '+', 1) }))
    .where('service_id', '=', p.serviceId),
);
