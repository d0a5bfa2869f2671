import { PkiError } from '@vcc-pki/api';
import { commonName, decodeExtension, extensionId, parseCertificate, parseSubjectAltName } from '@vcc-pki/x509';
import type { Requester } from '../requester.ts';
import { findRenewalInfo } from '../rotation/find-renewal-info.ts';
import { isInWindow } from '../rotation/renewal-info.ts';
import { type CertificateRecord, issuedDer } from '../store/index.ts';
import type { CertificateOrder, OrderedValidity } from './certificate-order.ts';
import type { IssuanceDeps } from './deps.ts';
import { type Idempotency, type Issued, issue } from './issue.ts';
import { profileByName } from './profiles.ts';
import { entryOfTarget } from './request.ts';

/**
 * Renews a certificate: a new issue of the old one's names under today's profile and policy, never a copy. The old
 * certificate stays valid to its end.
 * @throws {@link PkiError} `certificateNotActive` for a certificate that is expired or revoked; and as {@link issue} does.
 */
export async function renewCertificate(
  deps: IssuanceDeps,
  requester: Requester,
  renewal: {
    old: CertificateRecord;
    csr: Uint8Array;
    validity?: OrderedValidity | undefined;
    idempotency?: Idempotency | undefined;
  },
): Promise<Issued> {
  const { old } = renewal;
  const entry = entryOfTarget(deps, requester, old.serviceId);
  deps.policy.checkOperation(entry, 'renew');
  if (old.status !== 'active' || old.notAfter < deps.clock.now()) {
    throw new PkiError(
      'certificateNotActive',
      `${old.certificateId} is ${old.status === 'active' ? 'expired' : old.status}`,
    );
  }
  const order: CertificateOrder = {
    serviceId: old.serviceId,
    ...namesOf(old),
    csr: renewal.csr,
    validity: renewal.validity,
    profile: profileByName(old.profile),
    metadata: JSON.parse(old.metadata) as Record<string, string>,
  };
  const isProposed = isInWindow(await findRenewalInfo(deps, old), deps.clock.now());
  return issue(deps, { order, entry, origin: requester, replaces: old, isProposed, idempotency: renewal.idempotency });
}

/** The names of the certificate itself; its metadata rows in the ledger are for searching. */
function namesOf(old: CertificateRecord): Pick<CertificateOrder, 'commonName' | 'names'> {
  const certificate = parseCertificate(issuedDer(old));
  const names = decodeExtension(certificate.extensions, extensionId.subjectAltName, parseSubjectAltName) ?? [];
  return {
    commonName: commonName(certificate.subject),
    names: names.map((name) => ({ field: 'names of the certificate', name })),
  };
}
