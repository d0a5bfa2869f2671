import { type Static, Type } from 'typebox';
import { CertificateId, FingerprintSha256, Pem, ServiceId, Timestamp } from './fields.ts';
import { pageQuery } from './page.ts';
import { ServiceResource, ServiceStatus, ServiceType } from './services.ts';

const ChainPem = Type.String({
  description: 'The issuers of the certificates in PEM, nearest first, without the root (RFC 8446 s4.4.2).',
  maxLength: 262_144,
});

/** What one service has to know to speak with another. */
export const DiscoveredService = Type.Object(
  {
    service_id: ServiceId,
    service_name: ServiceResource.properties.service_name,
    service_type: ServiceResource.properties.service_type,
    endpoints: ServiceResource.properties.endpoints,
    status: ServiceStatus,
    revision: ServiceResource.properties.revision,
    spiffe_id: Type.String({ description: 'URI in its certificate: who is at the other end.', maxLength: 2048 }),
    certificate_id: Type.Union([CertificateId, Type.Null()]),
    certificate_expiry: Type.Union([Timestamp, Type.Null()]),
    fingerprint_sha256: Type.Union([FingerprintSha256, Type.Null()]),
    certificate_pem: Type.Union([Pem, Type.Null()], { description: 'Its current certificate; null when it has none.' }),
  },
  { title: 'DiscoveredService' },
);
export type DiscoveredService = Static<typeof DiscoveredService>;

export const DiscoveryPage = Type.Object(
  {
    items: Type.Array(DiscoveredService, { maxItems: 500 }),
    next_cursor: Type.Union([Type.String({ maxLength: 512 }), Type.Null()], {
      description: 'Cursor of the next page; null on the last one.',
    }),
    chain_pem: ChainPem,
  },
  { title: 'DiscoveryPage', description: 'By service_id; without those that are retired.' },
);
export type DiscoveryPage = Static<typeof DiscoveryPage>;

/** The two cannot be told apart by their form: an exact service_id wins. */
export const DiscoveryParams = Type.Object(
  {
    id: Type.String({
      description: 'A service_id, or else a service_type: letters, digits, dots, underscores and hyphens.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
      maxLength: 64,
    }),
  },
  { additionalProperties: false },
);
export type DiscoveryParams = Static<typeof DiscoveryParams>;

export const DiscoverServicesQuery = Type.Object(
  { type: Type.Optional(ServiceType), status: Type.Optional(ServiceStatus), ...pageQuery },
  { additionalProperties: false },
);
export type DiscoverServicesQuery = Static<typeof DiscoverServicesQuery>;

export const DiscoverByIdQuery = Type.Object({ ...pageQuery }, { additionalProperties: false });
export type DiscoverByIdQuery = Static<typeof DiscoverByIdQuery>;

export const DiscoveredCertificateParams = Type.Object({ id: ServiceId }, { additionalProperties: false });

export const DiscoveredCertificate = Type.Object(
  {
    service_id: ServiceId,
    spiffe_id: DiscoveredService.properties.spiffe_id,
    certificate_id: CertificateId,
    fingerprint_sha256: FingerprintSha256,
    not_before: Timestamp,
    not_after: Timestamp,
    certificate_pem: Pem,
    chain_pem: ChainPem,
  },
  { title: 'DiscoveredCertificate' },
);
export type DiscoveredCertificate = Static<typeof DiscoveredCertificate>;
