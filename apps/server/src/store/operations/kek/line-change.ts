import type { KekState } from '@vcc-pki/api';
import { type KekRecord, kekId } from '../../kek-record.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';

/** A version, and what it becomes. */
export interface StateChange {
  readonly kek: Pick<KekRecord, 'number' | 'lineId' | 'line' | 'version' | 'state'>;
  readonly to: KekState;
}

/** What led to the changes of one epoch. */
export interface ChangeCause {
  readonly cause: string;
  readonly forced: boolean;
  readonly now: number;
}

/**
 * Begins the next epoch of a line with changes of states, in the order given, and writes them to its log.
 * @returns the epoch.
 */
export async function changeStates(
  tx: LedgerTransaction,
  changes: readonly StateChange[],
  { cause, forced, now }: ChangeCause,
): Promise<number> {
  const [first] = changes;
  if (first === undefined) throw new RangeError('an epoch has at least one change');
  const epoch = await beginEpoch(tx, first.kek.lineId);
  for (const { kek, to } of changes) {
    const retiredEpoch = kek.state === 'PRIMARY' && to !== 'PRIMARY' ? epoch : null;
    await setState.run(tx.db, { number: kek.number, state: to, now });
    if (retiredEpoch !== null) await setRetired.run(tx.db, { number: kek.number, epoch });
    if (retiredEpoch !== null) await forgetScans.run(tx.db, kek);
    await logChange(tx, { ...kek, from: kek.state, to, epoch, cause, forced, now });
  }
  return epoch;
}

/** Counts the epoch of a line up. */
export async function beginEpoch(tx: LedgerTransaction, lineId: number): Promise<number> {
  await countEpoch.run(tx.db, { lineId });
  const line = await epochOf.first(tx.db, { lineId });
  if (line === undefined) throw new RangeError(`there is no line ${lineId}`);
  return line.epoch;
}

/** One row of the log of a line, and one event of the feed. */
export interface LoggedChange {
  readonly number: number;
  readonly lineId: number;
  readonly line: string;
  readonly version: number;
  readonly epoch: number;
  readonly from: KekState | null;
  readonly to: KekState;
  readonly cause: string;
  readonly forced: boolean;
  readonly now: number;
}

/** Writes a change to the log of the line and tells the readers of the feed. */
export async function logChange(tx: LedgerTransaction, change: LoggedChange): Promise<void> {
  await insertLog.run(tx.db, { ...change, forced: change.forced ? 1 : 0 });
  tx.publish({
    event: 'keks',
    data: {
      kek_id: kekId(change.number),
      line: change.line,
      line_id: change.lineId,
      version: change.version,
      state: change.to,
      epoch: change.epoch,
    },
    at: change.now,
  });
}

const countEpoch = prepared((db, p: { lineId: number }) =>
  db
    .updateTable('kek_lines')
    .set((eb) => ({ epoch: eb('epoch', '+', 1) }))
    .where('line_id', '=', p.lineId),
);

const epochOf = prepared((db, p: { lineId: number }) =>
  db.selectFrom('kek_lines').select('epoch').where('line_id', '=', p.lineId),
);

const setState = prepared((db, p: { number: number; state: KekState; now: number }) =>
  db.updateTable('kek_versions').set({ state: p.state, state_changed_at: p.now }).where('number', '=', p.number),
);

const setRetired = prepared((db, p: { number: number; epoch: number }) =>
  db.updateTable('kek_versions').set({ retired_epoch: p.epoch }).where('number', '=', p.number),
);

/** What was scanned while it was PRIMARY proves nothing. */
const forgetScans = prepared((db, p: { lineId: number; version: number }) =>
  db
    .updateTable('kek_holders')
    .set({ clean_scans: 0 })
    .where('line_id', '=', p.lineId)
    .where('version', '=', p.version),
);

const insertLog = prepared((db, p: Omit<LoggedChange, 'forced'> & { forced: number }) =>
  db.insertInto('kek_log').values({
    line_id: p.lineId,
    epoch: p.epoch,
    number: p.number,
    from_state: p.from,
    to_state: p.to,
    cause: p.cause,
    forced: p.forced,
    at: p.now,
  }),
);
