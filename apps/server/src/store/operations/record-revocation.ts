import type { PkiEvent, RevocationReason } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import { type CertificateRecord, certificateColumns } from '../certificate-record.ts';
import { kekProfileName } from '../kek-record.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { timestamp } from '../timestamp.ts';
import { endRotation, releasePlaces } from './expire-certificates.ts';
import { revokeKek } from './kek/revoke-kek.ts';
import { amendListing, type ListedAt, listAsRevoked } from './list-as-revoked.ts';

export interface RecordRevocationInput {
  readonly certificateId: string;
  /** A name from RFC 5280 s5.3.1. */
  readonly reason: RevocationReason;
  /** The CRL entry; at a change to keyCompromise it carries the date of the first revocation. */
  readonly entryDer: Uint8Array;
  readonly now: number;
  /** Nobody gets a certificate for its public key any more. */
  readonly blockKey: boolean;
  readonly audit: AuditEvent;
}

export interface RecordRevocationOutput extends ListedAt {
  /** As it is now. */
  readonly certificate: CertificateRecord;
  /** Ids of the other certificates with the same public key that are still trusted. */
  readonly sameKey: readonly string[];
  /** False when it was revoked before and only the reason changed, to keyCompromise. */
  readonly first: boolean;
}

/**
 * Revokes a certificate. An expired one may be revoked too: its key may be in use, and someone may look back.
 * A reason is changed later only to keyCompromise, never back.
 *
 * @throws PkiError `notFound`; `conflict` while it is an intent; `alreadyRevoked` with `revokedAt` (RFC 3339) and
 *   `reason`.
 */
export async function recordRevocation(
  tx: LedgerTransaction,
  input: RecordRevocationInput,
): Promise<RecordRevocationOutput> {
  const before = await certificateToRevoke.first(tx.db, input);
  if (before === undefined) throw new PkiError('notFound', `There is no certificate ${input.certificateId}.`);
  const first = before.status !== 'revoked';
  const listedAt = await (first ? revoke : changeToKeyCompromise)(tx, before, input);
  if (input.blockKey) await block.run(tx.db, { ...input, spkiSha256: before.spkiSha256 });
  tx.audit(input.audit);
  await endRotation.run(tx.db, { certificateId: input.certificateId, pendingBecomes: 'archived' });
  const sameKey = await othersWithKey.all(tx.db, { ...before, now: input.now });
  if (input.blockKey) await endanger(tx, sameKey, input.now);
  const revokedAt = before.revokedAt ?? input.now;
  const certificate = { ...before, status: 'revoked', revokedAt, revocationReason: input.reason } as const;
  tx.emit(revocationEvent(certificate, input));
  if (certificate.profile === kekProfileName) await revokeKek(tx, input);
  return { certificate, sameKey: sameKey.map(({ certificate_id }) => certificate_id), first, ...listedAt };
}

/** Certificates of a compromised key are overdue from now on (docs/rotation.md). */
async function endanger(
  tx: LedgerTransaction,
  certificates: readonly { readonly certificate_id: string }[],
  now: number,
): Promise<void> {
  for (const { certificate_id } of certificates) await makeOverdue.run(tx.db, { certificateId: certificate_id, now });
}

function revocationEvent(
  certificate: CertificateRecord & { readonly revokedAt: number },
  { reason, blockKey, now }: RecordRevocationInput,
): PkiEvent {
  return {
    type: 'certificate.revoked',
    subject: certificate.certificateId,
    at: now,
    data: {
      certificate_id: certificate.certificateId,
      service_id: certificate.serviceId,
      common_name: certificate.commonName,
      serial_number: certificate.serialNumber,
      not_after: timestamp(certificate.notAfter),
      revoked_at: timestamp(certificate.revokedAt),
      reason,
      key_blocked: blockKey,
    },
  };
}

async function revoke(
  tx: LedgerTransaction,
  before: CertificateRecord,
  input: RecordRevocationInput,
): Promise<ListedAt> {
  const { certificateId, serviceId, status, notAfter } = before;
  if (status !== 'active' && status !== 'expired') {
    throw new PkiError('conflict', `${certificateId} was never issued.`);
  }
  const { reason, entryDer, now } = input;
  await markRevoked.run(tx.db, { certificateId, reason, revokedAt: now });
  const listedAt = await listAsRevoked(tx, { ...before, revokedAt: now, reason, entryDer });
  if (status === 'active') {
    await releasePlaces.run(tx.db, { serviceId, places: 1 });
    tx.refresh(serviceId, now);
  }
  tx.count(status, notAfter, -1);
  tx.count('revoked', notAfter, 1);
  return listedAt;
}

async function changeToKeyCompromise(
  tx: LedgerTransaction,
  before: CertificateRecord,
  { reason, entryDer, now }: RecordRevocationInput,
): Promise<ListedAt> {
  const { certificateId, revokedAt, revocationReason } = before;
  if (reason !== 'keyCompromise' || revocationReason === 'keyCompromise') {
    throw new PkiError('alreadyRevoked', `${certificateId} is revoked (${revocationReason}).`, {
      revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
      reason: revocationReason,
    });
  }
  await markRevoked.run(tx.db, { certificateId, reason, revokedAt: revokedAt ?? now });
  return amendListing(tx, { ...before, reason, entryDer });
}

const certificateToRevoke = prepared((db, p: { certificateId: string }) =>
  db.selectFrom('certificates').select(certificateColumns).where('certificate_id', '=', p.certificateId),
);

const markRevoked = prepared((db, p: { certificateId: string; reason: string; revokedAt: number }) =>
  db
    .updateTable('certificates')
    .set({ status: 'revoked', revoked_at: p.revokedAt, revocation_reason: p.reason })
    .where('certificate_id', '=', p.certificateId),
);

const block = prepared((db, p: { spkiSha256: string; reason: string; certificateId: string; now: number }) =>
  db
    .insertInto('blocked_keys')
    .values({ spki_sha256: p.spkiSha256, reason: p.reason, certificate_id: p.certificateId, blocked_at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
);

const othersWithKey = prepared((db, p: { spkiSha256: string; certificateId: string; now: number }) =>
  db
    .selectFrom('certificates')
    .select('certificate_id')
    .where('spki_sha256', '=', p.spkiSha256)
    .where('certificate_id', '!=', p.certificateId)
    .where('status', 'in', ['intent', 'active'])
    .where('not_after', '>=', p.now)
    .orderBy('certificate_id'),
);

const makeOverdue = prepared((db, p: { certificateId: string; now: number }) =>
  db
    .updateTable('rotation_schedule')
    .set({ scheduled_renewal_date: p.now, window_end: p.now, due_at: p.now })
    .where('certificate_id', '=', p.certificateId)
    .where('status', '=', 'pending')
    .where('window_end', '>', p.now),
);
