import type { AuditEvent } from '../../audit/index.ts';
import type { EnrolmentTokenRecord } from '../enrolment-token.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';

type NewToken = Omit<EnrolmentTokenRecord, 'usedAt' | 'usedKeySha256' | 'certificateId' | 'revokedAt'>;

export interface CreateTokenInput {
  readonly token: NewToken;
  readonly audit: AuditEvent;
}

/** Records a one-time token. */
export async function createToken(tx: LedgerTransaction, { token, audit }: CreateTokenInput): Promise<void> {
  await insertToken.run(tx.db, token);
  tx.audit(audit);
}

const insertToken = prepared((db, p: NewToken) =>
  db.insertInto('enrolment_tokens').values({
    token_id: p.tokenId,
    secret_sha256: p.secretSha256,
    service_id: p.serviceId,
    dns: p.dns,
    ip: p.ip,
    csr_key_sha256: p.csrKeySha256,
    comment: p.comment,
    created_at: p.createdAt,
    created_by: p.createdBy,
    expires_at: p.expiresAt,
  }),
);
