import { PkiError } from '@vcc-pki/api/without-schemas';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';

/** A process of a service, and what it says about itself. */
export interface MetConsumer {
  readonly lineId: number;
  readonly serviceId: string;
  readonly instance: string;
  readonly epoch: number;
  /** Absent: as it was, or a minute. */
  readonly pollIntervalMs?: number | undefined;
  readonly now: number;
}

/** Processes of one service at a time; those that were not seen for a month make room. */
const maxInstances = 500;
const forgottenAfterMs = 30 * 86_400_000;

/**
 * Remembers that a consumer was seen; what it has acknowledged only grows.
 * @returns what it had acknowledged before, `undefined` for a new one.
 * @throws PkiError `quotaExceeded`
 */
export async function meetConsumer(tx: LedgerTransaction, consumer: MetConsumer): Promise<number | undefined> {
  const before = await known.first(tx.db, consumer);
  const pollIntervalMs = consumer.pollIntervalMs ?? before?.pollIntervalMs ?? 60_000;
  if (before !== undefined) {
    const epoch = Math.max(before.acknowledgedEpoch, consumer.epoch);
    await see.run(tx.db, { ...consumer, pollIntervalMs, epoch });
    return before.acknowledgedEpoch;
  }
  await forget.run(tx.db, { ...consumer, before: consumer.now - forgottenAfterMs });
  const others = await instancesOf.all(tx.db, { ...consumer, limit: maxInstances });
  if (others.length >= maxInstances) {
    throw new PkiError('quotaExceeded', `"${consumer.serviceId}" has ${maxInstances} instances on this line already.`);
  }
  await insertConsumer.run(tx.db, { ...consumer, pollIntervalMs });
  return undefined;
}

const known = prepared((db, p: { lineId: number; serviceId: string; instance: string }) =>
  db
    .selectFrom('kek_consumers')
    .select(['acknowledged_epoch as acknowledgedEpoch', 'poll_interval_ms as pollIntervalMs'])
    .where('line_id', '=', p.lineId)
    .where('service_id', '=', p.serviceId)
    .where('instance', '=', p.instance),
);

const instancesOf = prepared((db, p: { lineId: number; serviceId: string; limit: number }) =>
  db
    .selectFrom('kek_consumers')
    .select('instance')
    .where('line_id', '=', p.lineId)
    .where('service_id', '=', p.serviceId)
    .limit(p.limit),
);

const forget = prepared((db, p: { lineId: number; serviceId: string; before: number }) =>
  db
    .deleteFrom('kek_consumers')
    .where('line_id', '=', p.lineId)
    .where('service_id', '=', p.serviceId)
    .where('last_seen', '<', p.before),
);

const insertConsumer = prepared((db, p: MetConsumer & { pollIntervalMs: number }) =>
  db.insertInto('kek_consumers').values({
    line_id: p.lineId,
    service_id: p.serviceId,
    instance: p.instance,
    acknowledged_epoch: p.epoch,
    poll_interval_ms: p.pollIntervalMs,
    last_seen: p.now,
  }),
);

const see = prepared((db, p: MetConsumer & { pollIntervalMs: number }) =>
  db
    .updateTable('kek_consumers')
    .set({ acknowledged_epoch: p.epoch, poll_interval_ms: p.pollIntervalMs, last_seen: p.now })
    .where('line_id', '=', p.lineId)
    .where('service_id', '=', p.serviceId)
    .where('instance', '=', p.instance),
);
