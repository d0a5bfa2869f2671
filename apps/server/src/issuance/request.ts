import { notOnWhitelist, onlyOwn, type PolicyEntry } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import type { CertificateOrder } from './certificate-order.ts';
import type { IssuanceDeps } from './deps.ts';
import { type Idempotency, type Issued, issue } from './issue.ts';

/** Issues a certificate to the service that asks, or, for an administrator, to any service on the whitelist. */
export async function requestCertificate(
  deps: IssuanceDeps,
  requester: Requester,
  order: CertificateOrder,
  idempotency?: Idempotency,
): Promise<Issued> {
  const entry = entryOfTarget(deps, requester, order.serviceId);
  deps.policy.checkOperation(entry, 'request');
  return issue(deps, { order, entry, origin: requester, idempotency });
}

/**
 * The whitelist entry of the service that a certificate is, or will be, for.
 * @throws `PkiError` `forbidden` when it is another service's and the requester is no administrator.
 */
export function entryOfTarget(deps: IssuanceDeps, requester: Requester, serviceId: string): PolicyEntry {
  if (serviceId === requester.serviceId) return requester.entry;
  if (!requester.isAdmin) {
    throw onlyOwn(`"${requester.serviceId}" may act for itself only, not for "${serviceId}"`, 'service_name');
  }
  const entry = deps.policy.entryFor(serviceId);
  if (entry !== undefined) return entry;
  throw notOnWhitelist(serviceId, 'service_name');
}
