import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import { type KekRecord, kekId } from '../../kek-record.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { kekByNumber } from '../../queries/keks.ts';
import { meetConsumer } from './meet-consumer.ts';
import { takeFromDeliveryRate } from './take-from-delivery-rate.ts';

export interface RecordKekDeliveryInput {
  readonly number: number;
  readonly serviceId: string;
  readonly instance: string;
  readonly canWrite: boolean;
  /** The caller encrypts anew what was encrypted under a revoked key. */
  readonly acceptCompromised: boolean;
  /** Deliveries to one service. */
  readonly ratePerHour: number;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Records that a service is given the seed of a version, before it is: who has it, for the audit and for the day on which
 * it is to be disabled.
 *
 * @throws PkiError `notFound`, `kekDisabled`, `kekDestroyed`, `kekRevoked`, `rateLimited`, `quotaExceeded`
 */
export async function recordKekDelivery(tx: LedgerTransaction, input: RecordKekDeliveryInput): Promise<KekRecord> {
  const kek = await kekByNumber(tx.db, input.number);
  if (kek === undefined) throw new PkiError('notFound', `There is no ${kekId(input.number)}.`);
  checkDeliverable(kek, input.acceptCompromised);
  await takeFromDeliveryRate(tx, input);
  await meetConsumer(tx, { ...input, lineId: kek.lineId, epoch: 0 });
  // In whatever state it is now: who has the secret writes under it from its promotion on.
  const couldWrite = input.canWrite ? 1 : 0;
  await insertHolder.run(tx.db, { ...kek, serviceId: input.serviceId, couldWrite });
  if (couldWrite === 1) await setCouldWrite.run(tx.db, { ...kek, serviceId: input.serviceId });
  tx.audit(input.audit);
  return kek;
}

function checkDeliverable(kek: KekRecord, acceptCompromised: boolean): void {
  const id = kekId(kek.number);
  if (kek.state === 'DESTROYED') throw new PkiError('kekDestroyed', `${id} is destroyed; nobody has it any more.`);
  if (kek.state === 'DISABLED') throw new PkiError('kekDisabled', `${id} is disabled; an administrator may enable it.`);
  if (kek.revoked === 1 && !acceptCompromised) {
    throw new PkiError('kekRevoked', `${id} is revoked; who encrypts anew what it protects says accept_compromised.`);
  }
}

const insertHolder = prepared((db, p: { lineId: number; version: number; serviceId: string; couldWrite: number }) =>
  db
    .insertInto('kek_holders')
    .values({ line_id: p.lineId, version: p.version, service_id: p.serviceId, could_write: p.couldWrite })
    .onConflict((conflict) => conflict.doNothing()),
);

const setCouldWrite = prepared((db, p: { lineId: number; version: number; serviceId: string }) =>
  db
    .updateTable('kek_holders')
    .set({ could_write: 1 })
    .where('line_id', '=', p.lineId)
    .where('version', '=', p.version)
    .where('service_id', '=', p.serviceId),
);
