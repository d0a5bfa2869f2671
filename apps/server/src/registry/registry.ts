import { PkiError, type RegisterServiceBody, type UpdateServiceBody } from '@vcc-pki/api';
import type { JsonObject } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { notOnWhitelist, type OutboundPolicy, onlyOwn, type Policy } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import type { RegisterServiceOutput, ServiceEntry, ServiceRecord, Store } from '../store/index.ts';

export interface RegistryDeps {
  readonly clock: Clock;
  readonly store: Store;
  readonly policy: Policy;
  readonly outbound: OutboundPolicy;
}

/**
 * Registers the service that asks, or, for an administrator, any service of the whitelist.
 * @throws {@link PkiError} `forbidden`, `rejectedAddress`, `conflict`
 */
export async function registerService(
  deps: RegistryDeps,
  requester: Requester,
  body: RegisterServiceBody,
): Promise<RegisterServiceOutput> {
  const { service_id: serviceId = requester.serviceId } = body;
  checkMayChange(requester, serviceId);
  if (deps.policy.entryFor(serviceId) === undefined) {
    throw notOnWhitelist(serviceId, 'service_id');
  }
  checkAddresses(deps.outbound, body);
  const entry: ServiceEntry = {
    serviceName: body.service_name,
    serviceType: body.service_type ?? null,
    endpoints: body.endpoints ?? [],
    healthCheckUrl: body.health_check_url ?? null,
    autoRenew: body.auto_renew ?? true,
  };
  const now = deps.clock.now();
  const audit = auditOf(requester, { action: 'register-service', now, details: { ...body, service_id: serviceId } });
  return await deps.store.ledger.submit('registerService', {
    ...{ serviceId, byAdmin: requester.isAdmin, now, audit },
    ...entry,
  });
}

/**
 * Changes what a service has registered.
 * @param revision of the entry that the change is made to; any when absent.
 * @throws {@link PkiError} `forbidden`, `rejectedAddress`, `notFound`, `conflict`, `preconditionFailed`, `malformed`
 */
export async function updateService(
  deps: RegistryDeps,
  requester: Requester,
  { serviceId, body, revision }: { serviceId: string; body: UpdateServiceBody; revision: number | undefined },
): Promise<ServiceRecord> {
  checkMayChange(requester, serviceId);
  checkAddresses(deps.outbound, body);
  const now = deps.clock.now();
  return await deps.store.ledger.submit('updateService', {
    ...{ serviceId, now, changes: changesOf(body), revision },
    audit: auditOf(requester, { action: 'update-service', now, details: { ...body, service_id: serviceId } }),
  });
}

/** @throws {@link PkiError} `forbidden`, `notFound`, `preconditionFailed` */
export async function retireService(
  deps: RegistryDeps,
  requester: Requester,
  { serviceId, revision }: { serviceId: string; revision: number | undefined },
): Promise<ServiceRecord> {
  checkMayChange(requester, serviceId);
  const now = deps.clock.now();
  return await deps.store.ledger.submit('retireService', {
    ...{ serviceId, retiredBy: requester.serviceId, revision, now },
    audit: auditOf(requester, { action: 'retire-service', now, details: { service_id: serviceId } }),
  });
}

function checkMayChange(requester: Requester, serviceId: string): void {
  if (requester.isAdmin || requester.serviceId === serviceId) return;
  throw onlyOwn(`"${requester.serviceId}" may change its own entry only, not that of "${serviceId}"`);
}

/** Whatever the server will call, or hand on to others to be called. */
function checkAddresses(
  outbound: OutboundPolicy,
  body: Pick<UpdateServiceBody, 'endpoints' | 'health_check_url'>,
): void {
  for (const [index, endpoint] of (body.endpoints ?? []).entries()) outbound.checkUrl(endpoint, `endpoints[${index}]`);
  if (typeof body.health_check_url === 'string') outbound.checkUrl(body.health_check_url, 'health_check_url');
}

function changesOf(body: UpdateServiceBody): Partial<ServiceEntry> {
  return {
    ...(body.service_name !== undefined && { serviceName: body.service_name }),
    ...(body.service_type !== undefined && { serviceType: body.service_type }),
    ...(body.endpoints !== undefined && { endpoints: body.endpoints }),
    ...(body.health_check_url !== undefined && { healthCheckUrl: body.health_check_url }),
    ...(body.auto_renew !== undefined && { autoRenew: body.auto_renew }),
  };
}

function auditOf(requester: Requester, { action, now, details }: { action: string; now: number; details: JsonObject }) {
  return {
    timestamp: now,
    requestId: requester.requestId,
    serviceId: requester.serviceId,
    action,
    certificateId: null,
    clientIp: requester.clientIp,
    clientCertFingerprint: requester.fingerprint,
    status: 'success' as const,
    details,
  };
}
