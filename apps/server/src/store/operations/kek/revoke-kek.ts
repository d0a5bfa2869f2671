import { kekId } from '../../kek-record.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { kekByCertificate } from '../../queries/keks.ts';
import { timestamp } from '../../timestamp.ts';
import { changeStates } from './line-change.ts';

/**
 * What the revocation of its certificate means for a KEK, in the same commit: it is never PRIMARY again, and with
 * keyCompromise it is compromised.
 */
export async function revokeKek(
  tx: LedgerTransaction,
  revocation: { readonly certificateId: string; readonly reason: string; readonly now: number },
): Promise<void> {
  const { certificateId, reason, now } = revocation;
  const kek = await kekByCertificate(tx.db, certificateId);
  // A certificate whose KEK a crash cut off.
  if (kek === undefined) return;
  const compromised = reason === 'keyCompromise' || kek.compromised === 1 ? 1 : 0;
  await setFlags.run(tx.db, { number: kek.number, compromised });
  const to = kek.state === 'PRIMARY' || kek.state === 'PENDING' ? 'ENABLED' : kek.state;
  await changeStates(tx, [{ kek, to }], { cause: compromised === 1 ? 'compromise' : 'revoke', forced: false, now });
  tx.emit({
    type: 'key.revoked',
    subject: kekId(kek.number),
    at: now,
    data: { kek_id: kekId(kek.number), line: kek.line, version: kek.version, revoked_at: timestamp(now), reason },
  });
}

const setFlags = prepared((db, p: { number: number; compromised: number }) =>
  db.updateTable('kek_versions').set({ revoked: 1, compromised: p.compromised }).where('number', '=', p.number),
);
