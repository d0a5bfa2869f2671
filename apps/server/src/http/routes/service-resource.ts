import type { DiscoveredCertificate, DiscoveredService, ServiceResource } from '@vcc-pki/api';
import { spiffeId } from '../../policy/index.ts';
import { certificatePem, type DiscoveredRecord, type ServiceRecord } from '../../store/index.ts';
import { wireTime } from './certificate-resource.ts';

/** An entry of the registry as the mission text shows it. */
export function toServiceResource(service: ServiceRecord, now: number): ServiceResource {
  const { serviceId, registeredAt, updatedAt, statusSince, lastSeen } = service;
  const self = `/api/v1/services/${serviceId}`;
  return {
    service_id: serviceId,
    service_name: service.serviceName,
    service_type: service.serviceType,
    endpoints: JSON.parse(service.endpoints) as string[],
    ...currentCertificate(service, now),
    auto_renew: service.autoRenew === 1,
    health_check_url: service.healthCheckUrl,
    status: service.status,
    status_since: wireTime(statusSince ?? updatedAt),
    last_seen: lastSeen === null ? null : wireTime(lastSeen),
    registered_at: wireTime(registeredAt ?? updatedAt),
    updated_at: wireTime(updatedAt),
    revision: service.revision,
    links: {
      self,
      certificate: `/api/v1/discovery/services/${serviceId}/cert`,
      health_history: `${self}/health-history`,
    },
  };
}

/** What others need to speak with a service. */
export function toDiscoveredService(
  service: DiscoveredRecord,
  { now, trustDomain }: { readonly now: number; readonly trustDomain: string },
): DiscoveredService {
  const current = currentCertificate(service, now);
  const isGood = current.certificate_id !== null;
  return {
    service_id: service.serviceId,
    service_name: service.serviceName,
    service_type: service.serviceType,
    endpoints: JSON.parse(service.endpoints) as string[],
    status: service.status,
    revision: service.revision,
    spiffe_id: spiffeId(trustDomain, service.serviceId),
    ...current,
    fingerprint_sha256: isGood ? service.fingerprintSha256 : null,
    certificate_pem: isGood ? (certificatePem(service) ?? null) : null,
  };
}

/** The certificate of a discovered service with its chain; `undefined` when it has none that is good. */
export function toDiscoveredCertificate(
  service: DiscoveredRecord,
  { now, trustDomain, chainPem }: { readonly now: number; readonly trustDomain: string; readonly chainPem: string },
): DiscoveredCertificate | undefined {
  const { serviceId, certificateId, certificateExpiry, fingerprintSha256, notBefore } = service;
  if (certificateId === null || certificateExpiry === null || certificateExpiry < now) return undefined;
  const pem = certificatePem(service);
  if (fingerprintSha256 === null || notBefore === null || pem === undefined) return undefined;
  return {
    service_id: serviceId,
    spiffe_id: spiffeId(trustDomain, serviceId),
    certificate_id: certificateId,
    fingerprint_sha256: fingerprintSha256,
    not_before: wireTime(notBefore),
    not_after: wireTime(certificateExpiry),
    certificate_pem: pem,
    chain_pem: chainPem,
  };
}

/** One that has run out is none, though the sweep that takes it out of the entry comes by once a minute only. */
function currentCertificate(
  { certificateId, certificateExpiry }: ServiceRecord,
  now: number,
): Pick<ServiceResource, 'certificate_id' | 'certificate_expiry'> {
  if (certificateId === null || certificateExpiry === null || certificateExpiry < now) {
    return { certificate_id: null, certificate_expiry: null };
  }
  return { certificate_id: certificateId, certificate_expiry: wireTime(certificateExpiry) };
}
