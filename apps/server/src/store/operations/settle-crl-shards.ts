import { PkiError } from '@vcc-pki/api/without-schemas';
import { crlShardOf } from '../crl-shard.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface SettleCrlShardsInput {
  readonly issuerId: string;
  readonly shards: number;
  /** At most so many entries; call again while `settled` reaches it. */
  readonly limit: number;
}

export interface SettleCrlShardsOutput {
  /** How many entries of a ledger that had no shards were given theirs. */
  readonly settled: number;
}

/**
 * Settles for good into how many shards the CRL of an issuer is divided; calling it at every start does no harm.
 *
 * @throws PkiError `notFound`; `conflict` with `shards` when another number was settled before.
 */
export async function settleCrlShards(
  tx: LedgerTransaction,
  input: SettleCrlShardsInput,
): Promise<SettleCrlShardsOutput> {
  const issuer = await settledShards.first(tx.db, input);
  if (issuer === undefined) throw new PkiError('notFound', `There is no issuer ${input.issuerId}.`);
  if (issuer.shards === null) await settleShards.run(tx.db, input);
  else if (issuer.shards !== input.shards) {
    throw new PkiError('conflict', `The CRL of ${input.issuerId} has ${issuer.shards} shards.`, {
      shards: issuer.shards,
    });
  }
  const unsettled = await unsettledEntries.all(tx.db, input);
  for (const { id, serialNumber } of unsettled) {
    await settleEntry.run(tx.db, { id, shard: crlShardOf(serialNumber, input.shards) });
  }
  return { settled: unsettled.length };
}

const settledShards = prepared((db, p: { issuerId: string }) =>
  db.selectFrom('issuers').select('crl_shards as shards').where('issuer_id', '=', p.issuerId),
);

const settleShards = prepared((db, p: SettleCrlShardsInput) =>
  db.updateTable('issuers').set({ crl_shards: p.shards }).where('issuer_id', '=', p.issuerId),
);

const unsettledEntries = prepared((db, p: SettleCrlShardsInput) =>
  db
    .selectFrom('crl')
    .select(['id', 'serial_number as serialNumber'])
    .where('issuer_id', '=', p.issuerId)
    .where('shard', '=', -1)
    .limit(p.limit),
);

const settleEntry = prepared((db, p: { id: number; shard: number }) =>
  db.updateTable('crl').set({ shard: p.shard }).where('id', '=', p.id),
);
