import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { type MetConsumer, meetConsumer } from './meet-consumer.ts';

export interface ReportKekConsumerInput extends MetConsumer {
  /** What a full scan found, by version. */
  readonly scan: readonly { readonly version: number; readonly records: number }[] | undefined;
  readonly audit: AuditEvent;
}

/**
 * Records what a consumer says: the epoch that it has acknowledged, and what it has found under which version.
 *
 * @returns the epoch of the line.
 * @throws PkiError `malformed` for an epoch or a version that has not been; `quotaExceeded`.
 */
export async function reportKekConsumer(
  tx: LedgerTransaction,
  input: ReportKekConsumerInput,
): Promise<{ readonly epoch: number }> {
  const line = await lineOf.first(tx.db, input);
  if (line === undefined) throw new PkiError('notFound', 'There is no such line.');
  if (input.epoch > line.epoch) {
    throw new PkiError('malformed', `the line is at epoch ${line.epoch}`, { field: 'epoch' });
  }
  const before = await meetConsumer(tx, input);
  for (const found of input.scan ?? []) await recordFound(tx, input, found);
  // A heartbeat alone is no event: hundreds of consumers send one each minute.
  if (input.scan !== undefined || before === undefined || input.epoch > before) tx.audit(input.audit);
  return { epoch: line.epoch };
}

async function recordFound(
  tx: LedgerTransaction,
  { lineId, serviceId, epoch, now }: ReportKekConsumerInput,
  { version, records }: { readonly version: number; readonly records: number },
): Promise<void> {
  const kek = await versionOf.first(tx.db, { lineId, version });
  if (kek === undefined) {
    throw new PkiError('malformed', `the line has no version ${version}`, { field: 'scan.records' });
  }
  await insertHolder.run(tx.db, { lineId, version, serviceId });
  // Only since the consumer knows that it is no longer PRIMARY does "none found" stay true.
  const counts = records === 0 && kek.state !== 'PRIMARY' && epoch >= (kek.retiredEpoch ?? 0);
  const update = { lineId, version, serviceId, records, now };
  await (counts ? addCleanScan : resetCleanScans).run(tx.db, update);
}

const lineOf = prepared((db, p: { lineId: number }) =>
  db.selectFrom('kek_lines').select('epoch').where('line_id', '=', p.lineId),
);

const versionOf = prepared((db, p: { lineId: number; version: number }) =>
  db
    .selectFrom('kek_versions')
    .select(['state', 'retired_epoch as retiredEpoch'])
    .where('line_id', '=', p.lineId)
    .where('version', '=', p.version),
);

const insertHolder = prepared((db, p: { lineId: number; version: number; serviceId: string }) =>
  db
    .insertInto('kek_holders')
    .values({ line_id: p.lineId, version: p.version, service_id: p.serviceId, could_write: 0 })
    .onConflict((conflict) => conflict.doNothing()),
);

interface Found {
  lineId: number;
  version: number;
  serviceId: string;
  records: number;
  now: number;
}

const addCleanScan = prepared((db, p: Found) =>
  db
    .updateTable('kek_holders')
    .set((eb) => ({ records: p.records, scanned_at: p.now, clean_scans: eb('clean_scans', '+', 1) }))
    .where('line_id', '=', p.lineId)
    .where('version', '=', p.version)
    .where('service_id', '=', p.serviceId),
);

const resetCleanScans = prepared((db, p: Found) =>
  db
    .updateTable('kek_holders')
    .set({ records: p.records, scanned_at: p.now, clean_scans: 0 })
    .where('line_id', '=', p.lineId)
    .where('version', '=', p.version)
    .where('service_id', '=', p.serviceId),
);
