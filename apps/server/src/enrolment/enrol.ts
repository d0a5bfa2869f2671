import { PkiError, type ProblemCode, parseEnrolmentToken } from '@vcc-pki/api';
import { ipAddressFromText } from '@vcc-pki/x509';
import type { CertificateOrder, OrderedName } from '../issuance/certificate-order.ts';
import { type Issued, issue } from '../issuance/issue.ts';
import { narrowEntry, notOnWhitelist, type PolicyEntry } from '../policy/index.ts';
import { type EnrolmentTokenRecord, enrolmentTokenById } from '../store/index.ts';
import type { EnrolmentDeps } from './deps.ts';
import { type TokenNames, tokenNames } from './token-names.ts';
import { isSecret } from './token-secret.ts';

/** What somebody without a certificate brings. */
export interface EnrolmentRequest extends Pick<CertificateOrder, 'csr' | 'validity' | 'keyType' | 'metadata'> {
  readonly token: string;
}

/** Where it comes from. */
export interface Caller {
  readonly clientIp: string;
  readonly requestId: string;
}

/**
 * Issues the first certificate of a service for a one-time token, in the six stops like any other; the token stands for
 * the client certificate at stop 1, and is used up at stop 5. The same token with the same key gives the same
 * certificate again for as long as the token would last: an answer that is lost on the way costs nothing.
 * @throws PkiError `enrolmentRefused` whatever is wrong with the token; `malformed` for what is none; `rateLimited`; and
 *   as {@link issue} does. What the token is refused for stands in the audit log alone.
 */
export async function enrol(deps: EnrolmentDeps, caller: Caller, request: EnrolmentRequest): Promise<Issued> {
  deps.attempts.attempt(caller.clientIp);
  let record: EnrolmentTokenRecord | undefined;
  try {
    const token = parseEnrolmentToken(request.token);
    record = await enrolmentTokenById(deps.store.read, token.tokenId);
    // Only who knows the secret hears anything about the token, its use included.
    if (record === undefined) throw new PkiError('enrolmentRefused', 'there is no such token');
    if (!isSecret(token.secret, record.secretSha256)) throw new PkiError('enrolmentRefused', 'the secret is wrong');
    if (token.serviceId !== record.serviceId) throw new PkiError('enrolmentRefused', 'the token was altered');
    checkOpen(record, deps.clock.now());
    return await issueFor(deps, { caller, request, record });
  } catch (error) {
    if (error instanceof PkiError) await countRefusal(deps, { caller, error, record });
    throw error;
  }
}

/** What the ledger will refuse is refused before a signature of the caller's is verified; the ledger decides all the same. */
function checkOpen({ revokedAt, expiresAt }: EnrolmentTokenRecord, now: number): void {
  if (revokedAt !== null) throw new PkiError('enrolmentRefused', 'the token is revoked');
  if (expiresAt <= now) throw new PkiError('enrolmentRefused', 'the token has run out');
}

async function issueFor(
  deps: EnrolmentDeps,
  { caller, request, record }: { caller: Caller; request: EnrolmentRequest; record: EnrolmentTokenRecord },
): Promise<Issued> {
  const { serviceId, tokenId } = record;
  const { csr, validity, keyType, metadata } = request;
  const names = tokenNames(record);
  return issue(deps, {
    order: { serviceId, names: orderedNames(names), csr, validity, keyType, metadata },
    entry: entryFor(deps, serviceId, names),
    origin: { serviceId, fingerprint: null, ...caller },
    enrolmentToken: tokenId,
  });
}

/** The whitelist of today decides, and within it the token. */
function entryFor({ policy, rules }: EnrolmentDeps, serviceId: string, names: TokenNames): PolicyEntry {
  const entry = policy.entryFor(serviceId);
  if (entry === undefined) throw notOnWhitelist(serviceId);
  policy.checkOperation(entry, 'request');
  const isBound = names.dns.length > 0 || names.ip.length > 0;
  return isBound ? narrowEntry(entry, { ...names, trustDomain: rules.trustDomain }) : entry;
}

function orderedNames({ dns, ip }: TokenNames): OrderedName[] {
  return [
    ...dns.map((value) => ({ field: 'token', name: { type: 'dNSName' as const, value } })),
    ...ip.map((value) => ({ field: 'token', name: { type: 'iPAddress' as const, value: ipAddressFromText(value) } })),
  ];
}

interface Refusal {
  readonly caller: Caller;
  readonly error: PkiError;
  /** The token that was meant, where there is one. */
  readonly record: EnrolmentTokenRecord | undefined;
}

/** What guessing and replaying is answered with: so many of these from one address, and it has to wait. */
const guesses: readonly ProblemCode[] = ['malformed', 'enrolmentRefused'];

/** On record stands every refusal; how many there can be is bounded by the limiter, which is asked before. */
async function countRefusal(deps: EnrolmentDeps, { caller, error, record }: Refusal): Promise<void> {
  // `conflict`: the certificate is being made. Our own failures are nobody's attempt.
  if (error.code === 'conflict' || error.code === 'serverInternal' || error.code === 'notReady') return;
  if (guesses.includes(error.code)) deps.attempts.refused(caller.clientIp);
  await deps.store.ledger.submit('recordEvent', {
    audit: {
      timestamp: deps.clock.now(),
      requestId: caller.requestId,
      serviceId: record?.serviceId ?? null,
      action: 'enrol',
      certificateId: null,
      clientIp: caller.clientIp,
      clientCertFingerprint: null,
      status: 'refused',
      details: { code: error.code, detail: error.message, ...(record && { token_id: record.tokenId }) },
    },
  });
}
