import { PkiError } from '@vcc-pki/api';
import type { GeneralName } from '@vcc-pki/x509';
import { proofreadCertificate } from '../authority/linted-tbs.ts';
import { signLinted } from '../authority/sign-linted.ts';
import type { Origin } from '../origin.ts';
import type { PolicyEntry } from '../policy/index.ts';
import { type CertificateRecord, certificateById } from '../store/index.ts';
import { buildTbs } from './build-tbs.ts';
import type { CertificateOrder } from './certificate-order.ts';
import type { IssuanceDeps } from './deps.ts';
import { buildFulfilment, buildIntent, recordOf, rotationOf } from './ledger-entries.ts';
import { type VerifiedRequest, verifyCsr } from './verify-csr.ts';

/** One certificate to be issued, the caller's permission already checked. */
export interface IssueInput {
  readonly order: CertificateOrder;
  /** The whitelist entry of the service that the certificate will name. */
  readonly entry: PolicyEntry;
  readonly origin: Origin;
  /** The certificate that is being renewed. */
  readonly replaces?: CertificateRecord | undefined;
  /** True: the server has proposed this renewal, and no rate limits it. */
  readonly isProposed?: boolean | undefined;
  readonly idempotency?: Idempotency | undefined;
  /** True: one of the server's own, which it renews for itself; the rotation schedule is for those of services. */
  readonly isOwn?: boolean | undefined;
  /** True: the server needs it to go on serving, so that no rate stops it; it takes nothing from those of services either. */
  readonly isForServer?: boolean | undefined;
  /** Id of the one-time token that it is asked for with; its secret was compared. */
  readonly enrolmentToken?: string | undefined;
}

/** A request that may be repeated: the caller's key, and a digest of what was asked under it. */
export interface Idempotency {
  readonly key: string;
  readonly requestSha256: string;
}

export interface Issued {
  readonly certificate: CertificateRecord;
  /** Its subjectAltName, where it has not to be read from the certificate. */
  readonly names?: readonly GeneralName[] | undefined;
  /** The answer to an earlier request with the same Idempotency-Key or token. */
  readonly replayed: boolean;
  /** After a renewal beyond `max_certificates`: the certificate that should be revoked next. */
  readonly dropCandidate?: string | undefined;
}

/**
 * Issues one certificate in the six stops of the main job (docs/issuance.md); the gate was stop 1.
 *
 * A crash before stop 5 leaves nothing. A crash after it leaves an intent, which the next start settles, so no signature
 * is ever unknown to the ledger. Nothing is answered before it is durable.
 * @throws {@link PkiError} with the code of the stop that refused.
 */
export async function issue(deps: IssuanceDeps, input: IssueInput): Promise<Issued> {
  const now = deps.clock.now();
  const request = await verifyCsr(input.order, { ...deps, entry: input.entry, validity: deps.rules.validity, now });
  return issueVerified(deps, input, request);
}

/** Stops 3 to 6, for a request that has been judged. @throws {@link PkiError} as {@link issue} does. */
export async function issueVerified(
  deps: IssuanceDeps,
  input: Omit<IssueInput, 'order'>,
  request: VerifiedRequest,
): Promise<Issued> {
  const { issuer, store, metrics, faultPoint } = deps;
  const now = deps.clock.now();
  const draft = buildTbs({ request, issuer, rules: deps.rules, now });
  const linted = proofreadCertificate(draft.tbs, issuer);

  const intent = buildIntent(deps, input, { request, draft, now });
  faultPoint('before-intent');
  const recorded = await store.ledger.submit('recordIntent', intent);
  if (recorded.outcome === 'replay') {
    const certificate = await replayed(deps, recorded.certificateId);
    return { certificate, replayed: true, dropCandidate: recorded.dropCandidate };
  }
  faultPoint('after-intent');

  const stopTimer = metrics.signerSeconds.startTimer({ object: 'certificate' });
  const { der, signature } = await signLinted(issuer, linted);
  stopTimer();
  faultPoint('after-signature');
  const rotation = rotationOf(deps, input, intent);
  const fulfilment = buildFulfilment(intent, { der, signature, now: deps.clock.now(), rotation });
  await store.ledger.submit('recordCertificate', fulfilment);
  faultPoint('after-record');
  (input.replaces === undefined ? metrics.issued : metrics.renewed).inc({ profile: request.profile.name });
  const { dropCandidate } = recorded;
  return { certificate: recordOf(intent, fulfilment), names: draft.names, replayed: false, dropCandidate };
}

async function replayed(deps: IssuanceDeps, certificateId: string): Promise<CertificateRecord> {
  const certificate = await certificateById(deps.store.read, certificateId);
  if (certificate !== undefined) return certificate;
  throw new PkiError('serverInternal', `the ledger names ${certificateId} and does not have it`);
}
