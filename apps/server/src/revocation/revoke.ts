import { PkiError, type RevocationReason } from '@vcc-pki/api';
import { fromHex } from '@vcc-pki/asn1';
import { encodeRevokedEntry } from '@vcc-pki/x509';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import { onlyOwn, type Policy } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import { type CertificateRecord, effectiveStatus, type RecordRevocationOutput, type Store } from '../store/index.ts';
import type { CrlPublisher } from './crl-publisher.ts';

export interface RevocationDeps {
  readonly clock: Clock;
  readonly store: Store;
  readonly policy: Policy;
  readonly metrics: Metrics;
  readonly publisher: CrlPublisher;
  /** Told as soon as it is durable: for those who remember what certificates were. */
  readonly onRevoked: (certificate: Pick<CertificateRecord, 'issuerId' | 'serialNumber'>) => void;
}

export interface RevocationOrder {
  readonly certificate: CertificateRecord;
  readonly reason: RevocationReason;
  readonly comment?: string | undefined;
  /** Since when the key is suspected to be in other hands (RFC 5280 s5.3.2), in milliseconds since the epoch. */
  readonly invalidityDate?: number | undefined;
  /** Answer when the CRL lists it, or after five seconds. */
  readonly waitForCrl?: boolean | undefined;
  /** For keys that are in use when their certificate has ended: those that data was encrypted under. */
  readonly evenIfExpired?: boolean | undefined;
}

export interface Revoked extends RecordRevocationOutput {
  /** When the CRL that the certificate names lists it: at the latest, or since then if it is `published`. */
  readonly effectiveAt: number;
  /** Whether that CRL lists it already. */
  readonly published: boolean;
}

/** Within this time after a revocation the CRL of its shard is published, unless signing fails. */
const publicationBoundMs = 5_000;

/**
 * Revokes for good: from the next request on, this server refuses the certificate, and the CRL is made anew at once.
 * keyCompromise also blocks the public key.
 * @throws {@link PkiError} `forbidden`, `badRevocationReason`, `certificateNotActive`, `alreadyRevoked`
 */
export async function revokeCertificate(
  deps: RevocationDeps,
  requester: Requester,
  order: RevocationOrder,
): Promise<Revoked> {
  const { certificate, reason } = order;
  checkPermission(requester, order);
  const now = deps.clock.now();
  if (effectiveStatus(certificate, now) === 'expired' && order.evenIfExpired !== true) {
    throw new PkiError('certificateNotActive', `${certificate.certificateId} is expired and needs no revocation`);
  }
  const revokedAt = certificate.revokedAt ?? now;
  const result = await deps.store.ledger.submit('recordRevocation', {
    certificateId: certificate.certificateId,
    reason,
    entryDer: encodeRevokedEntry({
      serialNumber: fromHex(certificate.serialNumber),
      revokedAt,
      reason,
      ...(order.invalidityDate !== undefined && { invalidityDate: order.invalidityDate }),
    }),
    now,
    blockKey: reason === 'keyCompromise',
    audit: {
      timestamp: now,
      requestId: requester.requestId,
      serviceId: requester.serviceId,
      action: 'revoke',
      certificateId: certificate.certificateId,
      clientIp: requester.clientIp,
      clientCertFingerprint: requester.fingerprint,
      status: 'success',
      details: { reason, serial_number: certificate.serialNumber, ...(order.comment && { comment: order.comment }) },
    },
  });
  deps.onRevoked(certificate);
  deps.metrics.revoked.inc({ reason });
  deps.publisher.revoked(result);
  const published = order.waitForCrl === true && (await deps.publisher.whenPublished(result, publicationBoundMs));
  return { ...result, published, effectiveAt: deps.clock.now() + (published ? 0 : publicationBoundMs) };
}

function checkPermission(requester: Requester, { certificate, reason }: RevocationOrder): void {
  if (certificate.serviceId !== requester.serviceId && !requester.isAdmin) {
    throw onlyOwn(`"${requester.serviceId}" may revoke its own certificates only`);
  }
  // What a service may hold is the operator's decision, and so is taking it away; subscribers have the other reasons.
  if (reason === 'privilegeWithdrawn' && !requester.isAdmin) {
    throw new PkiError('badRevocationReason', 'privilegeWithdrawn is for administrators', { field: 'reason' });
  }
}
