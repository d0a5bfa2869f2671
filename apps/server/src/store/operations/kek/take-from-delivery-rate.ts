import { PkiError } from '@vcc-pki/api/without-schemas';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { rateLimitAt, retryAfterSeconds } from '../gcra.ts';

/** A delivery of a KEK or of a group's key. */
export interface RatedDelivery {
  readonly serviceId: string;
  /** Deliveries to one service. */
  readonly ratePerHour: number;
  readonly now: number;
}

/**
 * Takes a delivery from what a service may have in an hour; in the table of limits that no row of another table owns.
 * @throws PkiError `rateLimited`
 */
export async function takeFromDeliveryRate(tx: LedgerTransaction, delivery: RatedDelivery): Promise<void> {
  const { serviceId, ratePerHour, now } = delivery;
  const key = `kek:${serviceId}`;
  const limit = rateLimitAt(now, ratePerHour);
  const tat = (await tatOf.first(tx.db, { key }))?.tat_ms ?? 0;
  if (tat > limit.latestTat) {
    throw new PkiError('rateLimited', `"${serviceId}" has asked for ${ratePerHour} keys within an hour.`, {
      retryAfterSeconds: retryAfterSeconds(tat, limit),
    });
  }
  await setTat.run(tx.db, { key, tat: Math.max(tat, now) + limit.intervalMs });
}

const tatOf = prepared((db, p: { key: string }) =>
  db.selectFrom('rate_limits').select('tat_ms').where('key', '=', p.key),
);

const setTat = prepared((db, p: { key: string; tat: number }) =>
  db
    .insertInto('rate_limits')
    .values({ key: p.key, tat_ms: p.tat })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ tat_ms: eb.ref('excluded.tat_ms') }))),
);
