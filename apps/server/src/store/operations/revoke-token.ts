import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { EnrolmentTokenRecord } from '../enrolment-token.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { tokenById } from '../queries/enrolment-tokens.ts';

export interface RevokeTokenInput {
  readonly tokenId: string;
  readonly now: number;
  readonly audit: AuditEvent;
}

/**
 * Takes a token out of use; nothing is left to do for one that is already. A certificate that it became is not touched.
 *
 * @returns The token as it is now.
 * @throws PkiError `notFound`
 */
export async function revokeToken(tx: LedgerTransaction, input: RevokeTokenInput): Promise<EnrolmentTokenRecord> {
  const changed = await markRevoked.run(tx.db, input);
  const token = await tokenById.first(tx.db, input);
  if (token === undefined) throw new PkiError('notFound', `There is no token ${input.tokenId}.`);
  if (changed > 0) tx.audit({ ...input.audit, serviceId: token.serviceId });
  return token;
}

const markRevoked = prepared((db, p: { tokenId: string; now: number }) =>
  db
    .updateTable('enrolment_tokens')
    .set({ revoked_at: p.now })
    .where('token_id', '=', p.tokenId)
    .where('revoked_at', 'is', null),
);
