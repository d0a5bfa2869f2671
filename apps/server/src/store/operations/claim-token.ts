import { PkiError } from '@vcc-pki/api/without-schemas';
import type { EnrolmentTokenRecord } from '../enrolment-token.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { tokenById } from '../queries/enrolment-tokens.ts';
import type { CertificateStatus } from '../tables/certificates.ts';

/** A token that a certificate is asked for with; the caller has compared its secret. */
export interface TokenClaim {
  readonly tokenId: string;
}

interface Claim extends TokenClaim {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly spkiSha256: string;
  readonly now: number;
}

/**
 * Uses a token up for a key, in the transaction that records the intent: of any number of claims at the same time, at
 * any servers of a cluster, one wins. The same key may come again: for the certificate that was made for it, or for
 * another one when a crash kept that one from being made.
 *
 * @returns The certificate that the token became for this key already; `undefined`: claimed now, go on.
 * @throws PkiError `enrolmentRefused`, with a reason for the audit log; `conflict` while the certificate is being made.
 */
export async function claimToken(tx: LedgerTransaction, claim: Claim): Promise<string | undefined> {
  const token = await tokenById.first(tx.db, claim);
  if (token === undefined) throw refuse('there is no such token');
  checkUsable(token, claim);
  if (token.certificateId !== null) {
    const earlier = await statusOf.first(tx.db, { certificateId: token.certificateId });
    const made = madeCertificate(token.certificateId, earlier, claim.now);
    if (made !== undefined) return made;
  }
  await markUsed.run(tx.db, claim);
  return undefined;
}

function checkUsable(token: EnrolmentTokenRecord, { serviceId, spkiSha256, now }: Claim): void {
  if (token.serviceId !== serviceId) throw refuse('the token is for another service');
  if (token.revokedAt !== null) throw refuse('the token is revoked');
  if (token.expiresAt <= now) throw refuse('the token has run out');
  if (token.csrKeySha256 !== null && token.csrKeySha256 !== spkiSha256) throw refuse('the token is for another key');
  if (token.usedKeySha256 !== null && token.usedKeySha256 !== spkiSha256) throw refuse('the token was used already');
}

interface Earlier {
  readonly status: CertificateStatus;
  readonly notAfter: number;
}

/** What became of the first use of the token; `undefined` when a crash cut it off and the key may have another go. */
function madeCertificate(certificateId: string, earlier: Earlier | undefined, now: number): string | undefined {
  if (earlier === undefined || earlier.status === 'abandoned') return undefined;
  if (earlier.status === 'intent') {
    throw new PkiError('conflict', 'The certificate for this token is being made; ask again.', {
      retryAfterSeconds: 1,
    });
  }
  if (earlier.status === 'active' && earlier.notAfter >= now) return certificateId;
  throw refuse('the token was used, and its certificate is not active any more');
}

function refuse(reason: string): PkiError {
  return new PkiError('enrolmentRefused', reason);
}

const statusOf = prepared((db, p: { certificateId: string }) =>
  db
    .selectFrom('certificates')
    .select(['status', 'not_after as notAfter'])
    .where('certificate_id', '=', p.certificateId),
);

const markUsed = prepared((db, p: Claim) =>
  db
    .updateTable('enrolment_tokens')
    .set({ used_at: p.now, used_key_sha256: p.spkiSha256, certificate_id: p.certificateId })
    .where('token_id', '=', p.tokenId),
);
