import type { KekGrant } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { kekGrant } from '../../queries/keks.ts';

export interface SetKekGrantInput {
  readonly lineId: number;
  readonly serviceId: string;
  /** None: takes it away. */
  readonly grants: readonly KekGrant[];
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Grants a service what it may have of a line, instead of what was granted before.
 * @returns what was granted before, as it is stored.
 * @throws PkiError `notFound` when there is nothing to take away.
 */
export async function setKekGrant(tx: LedgerTransaction, input: SetKekGrantInput): Promise<string | undefined> {
  const { grants } = input;
  const before = (await kekGrant.first(tx.db, input))?.grants;
  if (grants.length > 0) await upsert.run(tx.db, { ...input, text: grants.join(',') });
  else {
    if (before === undefined) {
      throw new PkiError('notFound', `"${input.serviceId}" has no grant on this line from the API.`);
    }
    await remove.run(tx.db, input);
    // No promotion waits for who may not have the keys; one that still may comes again with its next report.
    await forgetConsumers.run(tx.db, input);
  }
  tx.audit(input.audit);
  return before;
}

const upsert = prepared((db, p: { lineId: number; serviceId: string; text: string; now: number }) =>
  db
    .insertInto('kek_grants')
    .values({ line_id: p.lineId, service_id: p.serviceId, grants: p.text, granted_at: p.now })
    .onConflict((conflict) =>
      conflict
        .columns(['service_id', 'line_id'])
        .doUpdateSet((eb) => ({ grants: eb.ref('excluded.grants'), granted_at: eb.ref('excluded.granted_at') })),
    ),
);

const remove = prepared((db, p: { lineId: number; serviceId: string }) =>
  db.deleteFrom('kek_grants').where('service_id', '=', p.serviceId).where('line_id', '=', p.lineId),
);

const forgetConsumers = prepared((db, p: { lineId: number; serviceId: string }) =>
  db.deleteFrom('kek_consumers').where('line_id', '=', p.lineId).where('service_id', '=', p.serviceId),
);
