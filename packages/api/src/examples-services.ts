import { exampleCertificatePem, exampleChainPem } from './examples-pem.ts';
import type { DiscoveredCertificate, DiscoveredService, DiscoveryPage } from './schemas/discovery.ts';
import type { HealthHistory, RegisterServiceBody, ServicePage, ServiceResource } from './schemas/services.ts';

/** What the OpenAPI document shows of registry and discovery; a test holds each against its schema. */

const serviceId = 'veritas-backend';
const certificateId = 'cert_veritas_backend_20261121_5d0c1f9e7ab24c83d6e1';
const expiry = '2027-11-21T22:22:05Z';
const fingerprint = '709fb1d17ab8930fa262c56a2cda07d2fcf810b07ba76acfdda0cea112ee95f4';

export const registrationExample: RegisterServiceBody = {
  service_name: 'VERITAS Backend API',
  service_type: 'backend',
  endpoints: ['https://localhost:45678', 'https://192.168.178.94:45678'],
  health_check_url: 'https://localhost:45678/health',
};

export const serviceExample: ServiceResource = {
  service_id: serviceId,
  service_name: 'VERITAS Backend API',
  service_type: 'backend',
  endpoints: ['https://localhost:45678', 'https://192.168.178.94:45678'],
  certificate_id: certificateId,
  certificate_expiry: expiry,
  auto_renew: true,
  health_check_url: 'https://localhost:45678/health',
  status: 'active',
  status_since: '2026-11-21T22:24:00Z',
  last_seen: '2026-11-21T22:24:00Z',
  registered_at: '2026-11-21T22:24:00Z',
  updated_at: '2026-11-21T22:24:00Z',
  revision: 1,
  links: {
    self: `/api/v1/services/${serviceId}`,
    certificate: `/api/v1/discovery/services/${serviceId}/cert`,
    health_history: `/api/v1/services/${serviceId}/health-history`,
  },
};

export const servicePageExample: ServicePage = { items: [serviceExample], next_cursor: null };

export const healthHistoryExample: HealthHistory = {
  service_id: serviceId,
  status: 'degraded',
  items: [
    {
      at: '2026-11-22T03:10:31Z',
      status: 'degraded',
      previous_status: 'active',
      detail: 'HTTP 503',
      duration_ms: 12,
    },
  ],
};

const discoveredExample: DiscoveredService = {
  service_id: serviceId,
  service_name: 'VERITAS Backend API',
  service_type: 'backend',
  endpoints: serviceExample.endpoints,
  status: 'active',
  revision: 1,
  spiffe_id: `spiffe://vcc.local/${serviceId}`,
  certificate_id: certificateId,
  certificate_expiry: expiry,
  fingerprint_sha256: fingerprint,
  certificate_pem: exampleCertificatePem,
};

export const discoveryPageExample: DiscoveryPage = {
  items: [discoveredExample],
  next_cursor: null,
  chain_pem: exampleChainPem,
};

export const discoveredCertificateExample: DiscoveredCertificate = {
  service_id: serviceId,
  spiffe_id: discoveredExample.spiffe_id,
  certificate_id: certificateId,
  fingerprint_sha256: fingerprint,
  not_before: '2026-11-21T22:22:05Z',
  not_after: expiry,
  certificate_pem: exampleCertificatePem,
  chain_pem: exampleChainPem,
};
