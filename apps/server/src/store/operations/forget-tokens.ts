import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

export interface ForgetTokensInput {
  /** Tokens that ran out before this. */
  readonly before: number;
  /** At most so many; call again while `forgotten` reaches it. */
  readonly limit: number;
}

/** Forgets tokens that nobody asks about any more; the audit log keeps what became of them. */
export async function forgetTokens(tx: LedgerTransaction, input: ForgetTokensInput): Promise<{ forgotten: number }> {
  const old = await oldTokens.all(tx.db, input);
  for (const token of old) await forgetToken.run(tx.db, token);
  return { forgotten: old.length };
}

const oldTokens = prepared((db, p: ForgetTokensInput) =>
  db
    .selectFrom('enrolment_tokens')
    .select('token_id as tokenId')
    .where('expires_at', '<', p.before)
    .orderBy('expires_at')
    .limit(p.limit),
);

const forgetToken = prepared((db, p: { tokenId: string }) =>
  db.deleteFrom('enrolment_tokens').where('token_id', '=', p.tokenId),
);
