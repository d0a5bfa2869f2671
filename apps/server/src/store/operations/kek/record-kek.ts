import type { KekState } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import { type KekRecord, kekId } from '../../kek-record.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { beginEpoch, logChange } from './line-change.ts';
import { pendingOfLine, type ReservedKekVersion } from './reserve-kek-version.ts';

export interface RecordKekInput extends ReservedKekVersion {
  readonly certificateId: string;
  readonly rootId: string;
  readonly sealedSeed: Uint8Array;
  readonly notBeforeWrite: number;
  readonly notAfterWrite: number;
  readonly cause: 'create' | 'rotate';
  readonly now: number;
  readonly audit: AuditEvent;
}

export interface RecordKekOutput {
  readonly number: number;
  readonly state: KekState;
  readonly epoch: number;
}

/**
 * Makes a version known, with its certificate: PENDING, or PRIMARY where the line has none.
 *
 * @throws PkiError `conflict` when another version became PENDING meanwhile.
 */
export async function recordKek(tx: LedgerTransaction, input: RecordKekInput): Promise<RecordKekOutput> {
  const number = ((await newestNumber.first(tx.db, {}))?.number ?? 0) + 1;
  const hasPrimary = (await primaryOf.first(tx.db, input)) !== undefined;
  const pending = await pendingOfLine.first(tx.db, input);
  if (pending !== undefined) throw new PkiError('conflict', `${kekId(pending.number)} is PENDING already.`);
  const previous = await newestOfLine.first(tx.db, input);
  const state: KekState = hasPrimary ? 'PENDING' : 'PRIMARY';
  const epoch = await beginEpoch(tx, input.lineId);
  await insertVersion.run(tx.db, { ...input, number, state, epoch });
  const { lineId, line, version, cause, now } = input;
  await logChange(tx, { number, lineId, line, version, epoch, from: null, to: state, cause, forced: false, now });
  tx.audit({ ...input.audit, details: { ...input.audit.details, kek_id: kekId(number), state, epoch } });
  if (state === 'PRIMARY') {
    emitRotated(tx, { ...input, number, previous: previous?.number });
  }
  return { number, state, epoch };
}

/** Tells subscribers that new data is encrypted under another key from now on. */
export function emitRotated(
  tx: LedgerTransaction,
  kek: Pick<KekRecord, 'number' | 'line' | 'version'> & { readonly previous: number | undefined; readonly now: number },
): void {
  tx.emit({
    type: 'key.rotated',
    subject: kekId(kek.number),
    at: kek.now,
    data: {
      kek_id: kekId(kek.number),
      line: kek.line,
      version: kek.version,
      previous_kek_id: kek.previous === undefined ? null : kekId(kek.previous),
    },
  });
}

const newestNumber = prepared((db, _: object) =>
  db.selectFrom('kek_versions').select('number').where('number', '>=', 1).orderBy('number', 'desc').limit(1),
);

const primaryOf = prepared((db, p: { lineId: number }) =>
  db.selectFrom('kek_versions').select('number').where('line_id', '=', p.lineId).where('state', '=', 'PRIMARY'),
);

const newestOfLine = prepared((db, p: { lineId: number }) =>
  db.selectFrom('kek_versions').select('number').where('line_id', '=', p.lineId).orderBy('number', 'desc').limit(1),
);

const insertVersion = prepared((db, p: RecordKekInput & { number: number; state: KekState; epoch: number }) =>
  db.insertInto('kek_versions').values({
    number: p.number,
    line_id: p.lineId,
    version: p.version,
    kem: p.kem,
    state: p.state,
    certificate_id: p.certificateId,
    root_id: p.rootId,
    sealed_seed: p.sealedSeed,
    not_before_write: p.notBeforeWrite,
    not_after_write: p.notAfterWrite,
    published_epoch: p.epoch,
    created_at: p.now,
    state_changed_at: p.now,
  }),
);
