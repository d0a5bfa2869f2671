import type { Issuer } from '../authority/issuer.ts';
import type { Store } from '../store/index.ts';

/** Entries of an older ledger that are given their shards in one transaction; others wait for milliseconds at most. */
const batchSize = 500;

/**
 * Holds the configured number of CRL shards against the one that the certificates of this CA were made with, and divides
 * the list of a ledger that comes from before there were shards.
 *
 * @throws `PkiError` `conflict` with `shards` when they differ.
 */
export async function settleCrlShards(store: Store, { issuerId, crlShards }: Issuer): Promise<void> {
  let settled: number;
  do {
    const input = { issuerId, shards: crlShards, limit: batchSize };
    ({ settled } = await store.ledger.submit('settleCrlShards', input));
  } while (settled === batchSize);
}
