import { PkiError } from '@vcc-pki/api/without-schemas';
import { crlShardOf } from '../crl-shard.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { newestRevisionOf } from '../queries/crls.ts';

/** What a CRL has to say about a serial number. */
export interface RevocationListing {
  readonly certificateId: string;
  readonly issuerId: string;
  readonly serialNumber: string;
  readonly notAfter: number;
  readonly revokedAt: number;
  readonly reason: string;
  readonly entryDer: Uint8Array;
}

/** Where a revocation stands: the CRL of `shard` that covers `revision` has it. */
export interface ListedAt {
  readonly shard: number;
  readonly revision: number;
}

/** Lists a serial number for the next CRL. */
export async function listAsRevoked(tx: LedgerTransaction, listing: RevocationListing): Promise<ListedAt> {
  const { issuerId, serialNumber, notAfter, revokedAt } = listing;
  const at = { shard: await shardOf(tx, issuerId, serialNumber), revision: await nextRevision(tx, issuerId) };
  await insertEntry.run(tx.db, { ...listing, ...at, listedUntil: Math.max(notAfter, revokedAt) });
  return at;
}

/** Replaces the entry of a serial number that is listed already. */
export async function amendListing(
  tx: LedgerTransaction,
  listing: Pick<RevocationListing, 'certificateId' | 'issuerId' | 'serialNumber' | 'reason' | 'entryDer'>,
): Promise<ListedAt> {
  const { issuerId, serialNumber } = listing;
  const at = { shard: await shardOf(tx, issuerId, serialNumber), revision: await nextRevision(tx, issuerId) };
  await changeEntry.run(tx.db, { ...listing, ...at });
  return at;
}

async function shardOf(tx: LedgerTransaction, issuerId: string, serialNumber: string): Promise<number> {
  const issuer = await crlShards.first(tx.db, { issuerId });
  const shards = issuer?.shards ?? null;
  if (shards === null) throw new PkiError('serverInternal', `The number of CRL shards of ${issuerId} is not settled.`);
  return crlShardOf(serialNumber, shards);
}

/** One writer at a time, so nobody else takes it. */
async function nextRevision(tx: LedgerTransaction, issuerId: string): Promise<number> {
  return ((await newestRevisionOf.first(tx.db, { issuerId }))?.revision ?? 0) + 1;
}

const crlShards = prepared((db, p: { issuerId: string }) =>
  db.selectFrom('issuers').select('crl_shards as shards').where('issuer_id', '=', p.issuerId),
);

const insertEntry = prepared((db, p: RevocationListing & ListedAt & { listedUntil: number }) =>
  db.insertInto('crl').values({
    certificate_id: p.certificateId,
    issuer_id: p.issuerId,
    serial_number: p.serialNumber,
    not_after: p.notAfter,
    revoked_at: p.revokedAt,
    revocation_reason: p.reason,
    entry_der: p.entryDer,
    shard: p.shard,
    listed_until: p.listedUntil,
    revision: p.revision,
  }),
);

const changeEntry = prepared(
  (db, p: { certificateId: string; reason: string; entryDer: Uint8Array; revision: number }) =>
    db
      .updateTable('crl')
      .set({ revocation_reason: p.reason, entry_der: p.entryDer, revision: p.revision, amended: 1 })
      .where('certificate_id', '=', p.certificateId),
);
