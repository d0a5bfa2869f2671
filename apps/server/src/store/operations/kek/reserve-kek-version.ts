import type { KekKem } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import { kekId } from '../../kek-record.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';

export interface ReserveKekVersionInput {
  /** Name of the line. */
  readonly line: string;
  /** Given to make the line, which must not be there yet. */
  readonly create?: { readonly kem: KekKem } | undefined;
  readonly now: number;
}

export interface ReservedKekVersion {
  readonly lineId: number;
  readonly line: string;
  readonly version: number;
  readonly kem: KekKem;
}

/**
 * Gives out the next version of a line, before there is a key: its number is in the labels that the key is derived with.
 * A version that comes to nothing leaves a gap.
 *
 * @throws PkiError `conflict` when the line to be made is there, or a version is still PENDING; `notFound`.
 */
export async function reserveKekVersion(
  tx: LedgerTransaction,
  input: ReserveKekVersionInput,
): Promise<ReservedKekVersion> {
  const line = await lineByName.first(tx.db, input);
  if (input.create !== undefined) {
    if (line !== undefined) throw new PkiError('conflict', `There is a line "${input.line}" already; rotate it.`);
    return createLine(tx, { ...input, kem: input.create.kem });
  }
  if (line === undefined) throw new PkiError('notFound', `There is no line "${input.line}".`);
  const pending = await pendingOfLine.first(tx.db, line);
  if (pending !== undefined) {
    throw new PkiError('conflict', `${kekId(pending.number)} is PENDING; promote or disable it first.`, {
      kekId: kekId(pending.number),
    });
  }
  const version = line.lastVersion + 1;
  await setLastVersion.run(tx.db, { lineId: line.lineId, version });
  return { lineId: line.lineId, line: input.line, version, kem: line.kem };
}

async function createLine(
  tx: LedgerTransaction,
  { line, kem, now }: { line: string; kem: KekKem; now: number },
): Promise<ReservedKekVersion> {
  const lineId = ((await newestLine.first(tx.db, {}))?.lineId ?? 0) + 1;
  await insertLine.run(tx.db, { lineId, line, kem, now });
  return { lineId, line, version: 1, kem };
}

const lineByName = prepared((db, p: { line: string }) =>
  db
    .selectFrom('kek_lines')
    .select(['line_id as lineId', 'kem', 'last_version as lastVersion'])
    .where('name', '=', p.line),
);

const newestLine = prepared((db, _: object) =>
  db.selectFrom('kek_lines').select('line_id as lineId').where('line_id', '>=', 1).orderBy('line_id', 'desc').limit(1),
);

const insertLine = prepared((db, p: { lineId: number; line: string; kem: KekKem; now: number }) =>
  db
    .insertInto('kek_lines')
    .values({ line_id: p.lineId, name: p.line, kem: p.kem, last_version: 1, created_at: p.now }),
);

/** The version of a line that waits for its promotion: one at most. */
export const pendingOfLine = prepared((db, p: { lineId: number }) =>
  db.selectFrom('kek_versions').select('number').where('line_id', '=', p.lineId).where('state', '=', 'PENDING'),
);

const setLastVersion = prepared((db, p: { lineId: number; version: number }) =>
  db.updateTable('kek_lines').set({ last_version: p.version }).where('line_id', '=', p.lineId),
);
