import { hash } from 'node:crypto';
import { toHex } from '@vcc-pki/asn1';
import { formatName, type GeneralName, ipAddressToText } from '@vcc-pki/x509';
import { perIssuer } from '../authority/per-issuer.ts';
import { planRotation } from '../rotation/rotation-plan.ts';
import type { CertificateRecord, RecordCertificateInput, RecordIntentInput } from '../store/index.ts';
import type { Draft } from './build-tbs.ts';
import { newCertificateId } from './certificate-id.ts';
import type { IssuanceDeps } from './deps.ts';
import type { IssueInput } from './issue.ts';
import type { VerifiedRequest } from './verify-csr.ts';

/** What stop 5 writes before the CA key is touched: everything that would be needed to answer for a signature. */
export function buildIntent(
  deps: IssuanceDeps,
  input: Omit<IssueInput, 'order'>,
  parts: { request: VerifiedRequest; draft: Draft; now: number },
): RecordIntentInput {
  const { request, draft, now } = parts;
  const { issuer, rules } = deps;
  const certificateId = newCertificateId(request.serviceId, now);
  const serialNumber = toHex(draft.serialNumber);
  const names = searchNames(request.commonName, draft.names);
  return {
    certificateId,
    serviceId: request.serviceId,
    issuerId: issuer.issuerId,
    issuerName: issuerName(issuer),
    serialNumber,
    commonName: request.commonName,
    names,
    spkiSha256: request.spkiSha256,
    keyType: request.keyType,
    profile: request.profile.name,
    notBefore: request.validity.notBefore,
    notAfter: request.validity.notAfter,
    tbsDer: draft.tbs.der,
    requesterFingerprint: input.origin.fingerprint,
    metadata: request.metadata,
    instance: rules.instance,
    replaces: input.replaces?.certificateId,
    limits: limitsOf(deps, input),
    idempotency:
      input.idempotency === undefined ? undefined : { ...input.idempotency, expiresAt: now + rules.idempotencyMs },
    enrolment: input.enrolmentToken === undefined ? undefined : { tokenId: input.enrolmentToken },
    now,
    audit: {
      timestamp: now,
      requestId: input.origin.requestId,
      serviceId: input.origin.serviceId,
      action: actionOf(input),
      certificateId,
      clientIp: input.origin.clientIp,
      clientCertFingerprint: input.origin.fingerprint,
      // Accepted and about to be signed; if a crash keeps it from that, `settle` follows.
      status: 'success',
      details: {
        service_id: request.serviceId,
        serial_number: serialNumber,
        tbs_sha256: hash('sha256', draft.tbs.der),
        common_name: request.commonName,
        names,
        ...(input.replaces && { replaces: input.replaces.certificateId }),
        ...(input.enrolmentToken !== undefined && { token_id: input.enrolmentToken }),
      },
    },
  };
}

function actionOf({ replaces, enrolmentToken }: Omit<IssueInput, 'order'>): 'request' | 'renew' | 'enrol' {
  if (enrolmentToken !== undefined) return 'enrol';
  return replaces === undefined ? 'request' : 'renew';
}

/** What stop 6 writes when the intent has become a certificate. */
export function buildFulfilment(
  intent: RecordIntentInput,
  signed: Pick<RecordCertificateInput, 'signature' | 'now' | 'rotation'> & { readonly der: Uint8Array },
): RecordCertificateInput {
  const { certificateId, serviceId, issuerId, serialNumber, commonName, profile, notBefore, notAfter, replaces } =
    intent;
  return {
    ...{ certificateId, serviceId, issuerId, serialNumber, commonName, profile, notBefore, notAfter, replaces },
    fingerprint: hash('sha256', signed.der),
    signature: signed.signature,
    now: signed.now,
    rotation: signed.rotation,
  };
}

/** When the certificate is to be renewed. */
export function rotationOf(
  { rules }: IssuanceDeps,
  { isOwn }: Pick<IssueInput, 'isOwn'>,
  intent: RecordIntentInput,
): RecordCertificateInput['rotation'] {
  return isOwn === true ? undefined : planRotation(intent, rules.renewal);
}

/** The record as the ledger now has it, without asking it. */
export function recordOf(intent: RecordIntentInput, fulfilment: RecordCertificateInput): CertificateRecord {
  return {
    certificateId: intent.certificateId,
    serviceId: intent.serviceId,
    issuerId: intent.issuerId,
    issuer: intent.issuerName,
    serialNumber: intent.serialNumber,
    commonName: intent.commonName,
    fingerprintSha256: fulfilment.fingerprint,
    spkiSha256: intent.spkiSha256,
    keyType: intent.keyType,
    profile: intent.profile,
    notBefore: intent.notBefore,
    notAfter: intent.notAfter,
    status: 'active',
    tbsDer: intent.tbsDer,
    signature: fulfilment.signature,
    metadata: JSON.stringify(intent.metadata),
    replaces: intent.replaces ?? null,
    replacedBy: null,
    requesterFingerprint: intent.requesterFingerprint,
    instance: intent.instance,
    createdAt: intent.now,
    issuedAt: fulfilment.now,
    revokedAt: null,
    revocationReason: null,
  };
}

const issuerName = perIssuer(({ certificate }) => formatName(certificate.subject));

function limitsOf(
  deps: IssuanceDeps,
  { entry, replaces, isProposed, isForServer }: Omit<IssueInput, 'order'>,
): RecordIntentInput['limits'] {
  return {
    maxCertificates: entry.maxCertificates,
    mayExceedByRenewal: replaces !== undefined,
    ratePerHour: entry.ratePerHour,
    globalRatePerHour: deps.rules.globalRatePerHour,
    // Decisions, rate limit: a renewal inside its proposed window is exempt; only the first one of a certificate is.
    rateExempt: isForServer === true || (isProposed === true && replaces?.replacedBy === null),
  };
}

/** What the list filter `name` finds: the common name and every entry of the subjectAltName, lower-cased, once each. */
function searchNames(commonName: string, names: readonly GeneralName[]): string[] {
  const texts = names.map(textOf).filter((text) => text !== undefined);
  return [...new Set([commonName, ...texts].map((text) => text.toLowerCase()))];
}

function textOf(name: GeneralName): string | undefined {
  switch (name.type) {
    case 'dNSName':
    case 'rfc822Name':
    case 'uniformResourceIdentifier':
      return name.value;
    case 'iPAddress':
      return ipAddressToText(name.value);
    default:
      // The judge lets no other type through.
      return undefined;
  }
}
