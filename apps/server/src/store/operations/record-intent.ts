import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent, JsonObject } from '../../audit/index.ts';
import { canonicalJson } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { IdempotentRequest } from '../queries/idempotent-request.ts';
import { claimToken, type TokenClaim } from './claim-token.ts';
import { findReplay, rememberRequest } from './idempotency.ts';
import { isAboveQuota, reserveCertificate } from './reserve-certificate.ts';

/** A certificate about to be signed: everything the ledger has to know before the CA key is touched. */
export interface RecordIntentInput {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly issuerId: string;
  /** The issuer's name as text. */
  readonly issuerName: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly commonName: string;
  /** The common name and every SAN value, for the list filter; case and repetition do not matter. */
  readonly names: readonly string[];
  readonly spkiSha256: string;
  readonly keyType: string;
  readonly profile: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** The exact bytes that will be signed. */
  readonly tbsDer: Uint8Array;
  readonly requesterFingerprint: string | null;
  readonly metadata: JsonObject;
  /** The server process; recovery tells its own intents from those of a living neighbour by it. */
  readonly instance: string;
  /** The certificate that this one renews. */
  readonly replaces?: string | undefined;
  readonly limits: IssuanceLimits;
  readonly idempotency?: IdempotencyInput | undefined;
  /** The one-time token that it is asked for with. */
  readonly enrolment?: TokenClaim | undefined;
  readonly now: number;
  readonly audit: AuditEvent;
}

/** What a service may have. */
export interface IssuanceLimits {
  /** Unexpired, unrevoked certificates at a time. */
  readonly maxCertificates: number;
  /** One more is allowed, for the time in which a renewal overlaps what it renews. */
  readonly mayExceedByRenewal: boolean;
  /** Certificates per hour, for this service. */
  readonly ratePerHour: number;
  /** Certificates per hour, for all services and all servers of the cluster together. */
  readonly globalRatePerHour: number;
  /** Neither rate applies, and none is used up. */
  readonly rateExempt: boolean;
}

/** A request that may come again, and must then get the same answer. */
export interface IdempotencyInput {
  readonly key: string;
  readonly requestSha256: string;
  readonly expiresAt: number;
}

/** Recorded, or a repetition of a request whose certificate is `certificateId`. */
export type RecordIntentOutput =
  | {
      readonly outcome: 'recorded';
      /** Given when a renewal took the service above its quota: the certificate to give up first. */
      readonly dropCandidate?: string;
    }
  | {
      readonly outcome: 'replay';
      readonly certificateId: string;
      /** As the first answer had it, for as long as the service is above its quota. */
      readonly dropCandidate?: string;
    };

/**
 * Records that a certificate is about to be signed. All checks and the record are one: two requests at the same time
 * cannot both take the last place.
 *
 * @throws PkiError `badPublicKey` for a blocked key; `idempotencyMismatch` for an idempotency key that is in use for
 *   another request; `conflict` for one that is in use by a request still running, and for a serial number that
 *   exists; `enrolmentRefused` for a token that is not for this, or used up; `quotaExceeded` with `dropCandidate`; `rateLimited` with `retryAfterSeconds`.
 */
export async function recordIntent(tx: LedgerTransaction, input: RecordIntentInput): Promise<RecordIntentOutput> {
  await refuseBlockedKey(tx, input.spkiSha256);
  const replayed = await findReplay(tx.db, input);
  if (replayed !== undefined) return replay(tx, input, replayed);
  const enrolled = input.enrolment === undefined ? undefined : await claimToken(tx, { ...input, ...input.enrolment });
  if (enrolled !== undefined) return { outcome: 'replay', certificateId: enrolled };
  const dropCandidate = await reserveCertificate(tx, input);
  await insertIntent(tx, input);
  await rememberRequest(tx.db, input);
  tx.audit(input.audit);
  return dropCandidate === undefined ? { outcome: 'recorded' } : { outcome: 'recorded', dropCandidate };
}

async function replay(
  tx: LedgerTransaction,
  input: RecordIntentInput,
  { certificateId, replaces }: IdempotentRequest,
): Promise<RecordIntentOutput> {
  const dropCandidate = replaces !== null && (await isAboveQuota(tx, input)) ? replaces : undefined;
  return { outcome: 'replay', certificateId, ...(dropCandidate !== undefined && { dropCandidate }) };
}

const blockedKey = prepared((db, p: { spkiSha256: string }) =>
  db.selectFrom('blocked_keys').select('reason').where('spki_sha256', '=', p.spkiSha256),
);

async function refuseBlockedKey(tx: LedgerTransaction, spkiSha256: string): Promise<void> {
  const blocked = await blockedKey.first(tx.db, { spkiSha256 });
  if (blocked === undefined) return;
  throw new PkiError('badPublicKey', `This public key is blocked (${blocked.reason}); make a new one.`, {
    field: 'csr',
  });
}

async function insertIntent(tx: LedgerTransaction, input: RecordIntentInput): Promise<void> {
  const inserted = await insertCertificate.run(tx.db, {
    ...input,
    replaces: input.replaces ?? null,
    metadata: canonicalJson(input.metadata),
  });
  if (inserted === 0) throw new PkiError('conflict', 'A certificate with this serial number or id exists.');
  tx.file({ certificateId: input.certificateId, names: input.names, createdAt: input.now });
}

type IntentRow = Omit<RecordIntentInput, 'metadata' | 'replaces'> & { metadata: string; replaces: string | null };

const insertCertificate = prepared((db, p: IntentRow) =>
  db
    .insertInto('certificates')
    .values({
      certificate_id: p.certificateId,
      service_id: p.serviceId,
      issuer_id: p.issuerId,
      issuer: p.issuerName,
      serial_number: p.serialNumber,
      common_name: p.commonName,
      spki_sha256: p.spkiSha256,
      key_type: p.keyType,
      profile: p.profile,
      not_before: p.notBefore,
      not_after: p.notAfter,
      status: 'intent',
      tbs_der: p.tbsDer,
      metadata: p.metadata,
      replaces: p.replaces,
      requester_fingerprint: p.requesterFingerprint,
      instance: p.instance,
      created_at: p.now,
    })
    .onConflict((conflict) => conflict.doNothing()),
);
