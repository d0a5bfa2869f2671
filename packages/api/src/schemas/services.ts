import { type Static, Type } from 'typebox';
import { CertificateId, ServiceId, Timestamp, Url } from './fields.ts';
import { pageOf, pageQuery } from './page.ts';

/** What the registry says about a service: as its health checks go, or that it is no more. */
export const ServiceStatus = Type.Enum(['active', 'degraded', 'down', 'retired'], {
  type: 'string',
  description: 'active, degraded and down as the health checks go; retired is out of service for good, and kept.',
});
export type ServiceStatus = Static<typeof ServiceStatus>;

const ServiceName = Type.String({
  description: 'Name of the service for people, without control characters.',
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  minLength: 1,
  maxLength: 256,
});

/** No slash and no underscore in front: it stands in a path, where a service_id may stand too. */
export const ServiceType = Type.String({
  description:
    'Kind of service, by which others find it (backend, ingestion ...): letters, digits, dots, underscores and hyphens.',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  maxLength: 64,
});

const Endpoint = Type.String({
  description: 'https URL in ASCII, without spaces.',
  pattern: '^[!-~]+$',
  maxLength: 2048,
});

const Endpoints = Type.Array(Endpoint, {
  description: 'Where the service is reached; URLs that the section outbound of the configuration allows.',
  maxItems: 64,
  uniqueItems: true,
});

const HealthCheckUrl = Type.String({
  description: 'What the server calls to see whether the service works, over mTLS: an https URL in ASCII.',
  pattern: '^[!-~]+$',
  maxLength: 2048,
});

const AutoRenew = Type.Boolean({ description: 'Whether the service renews its certificates by itself.' });

const Revision = Type.Integer({
  description: 'Counts the changes of the entry; the ETag is made of it. last_seen moves without it.',
  minimum: 0,
});

/** `POST /services/register`: the members of the mission text. */
export const RegisterServiceBody = Type.Object(
  {
    service_id: Type.Optional(
      Type.String({
        ...ServiceId,
        description: 'Who is registered; the caller when left out. Others: administrators.',
      }),
    ),
    service_name: ServiceName,
    service_type: Type.Optional(ServiceType),
    endpoints: Type.Optional(Endpoints),
    health_check_url: Type.Optional(HealthCheckUrl),
    auto_renew: Type.Optional(AutoRenew),
  },
  {
    title: 'RegisterServiceBody',
    description: 'The whole entry: what is left out is empty, and auto_renew true.',
    additionalProperties: false,
  },
);
export type RegisterServiceBody = Static<typeof RegisterServiceBody>;

/** `PUT /services/{service_id}`: what is left out stays. */
export const UpdateServiceBody = Type.Object(
  {
    service_name: Type.Optional(ServiceName),
    service_type: Type.Optional(
      Type.Union([ServiceType, Type.Null()], { description: 'Kind of service; null: none.' }),
    ),
    endpoints: Type.Optional(Endpoints),
    health_check_url: Type.Optional(
      Type.Union([HealthCheckUrl, Type.Null()], { description: 'What the server calls over mTLS; null: nothing.' }),
    ),
    auto_renew: Type.Optional(AutoRenew),
  },
  {
    title: 'UpdateServiceBody',
    description: 'Members that are left out stay as they are.',
    additionalProperties: false,
    minProperties: 1,
  },
);
export type UpdateServiceBody = Static<typeof UpdateServiceBody>;

export const ServiceParams = Type.Object({ service_id: ServiceId }, { additionalProperties: false });
export type ServiceParams = Static<typeof ServiceParams>;

/** RFC 9110 s13.1.1: one tag, or `*`. */
export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: 'ETag of the entry that the change is made to; refused when there is a newer one.',
      maxLength: 256,
    }),
  ),
});

export const IfNoneMatchHeaders = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({ description: 'ETag that the caller has; 304 when nothing has changed.', maxLength: 1024 }),
  ),
});

/** An entry of the registry, as in the mission text and a few members more. */
export const ServiceResource = Type.Object(
  {
    service_id: ServiceId,
    service_name: ServiceName,
    service_type: Type.Union([ServiceType, Type.Null()]),
    endpoints: Endpoints,
    certificate_id: Type.Union([CertificateId, Type.Null()], { description: 'Its newest certificate that is good.' }),
    certificate_expiry: Type.Union([Timestamp, Type.Null()], { description: 'End of that certificate.' }),
    auto_renew: AutoRenew,
    health_check_url: Type.Union([HealthCheckUrl, Type.Null()]),
    status: ServiceStatus,
    status_since: Timestamp,
    last_seen: Type.Union([Timestamp, Type.Null()], {
      description: 'When it last called the API with its certificate, to within some seconds.',
    }),
    registered_at: Timestamp,
    updated_at: Timestamp,
    revision: Revision,
    links: Type.Object({ self: Url, certificate: Url, health_history: Url }, { description: 'Paths on this server.' }),
  },
  { title: 'Service' },
);
export type ServiceResource = Static<typeof ServiceResource>;

export const ServicePage = pageOf(ServiceResource, { title: 'ServicePage', description: 'By service_id.' });
export type ServicePage = Static<typeof ServicePage>;

export const ListServicesQuery = Type.Object(
  { type: Type.Optional(ServiceType), status: Type.Optional(ServiceStatus), ...pageQuery },
  { additionalProperties: false },
);
export type ListServicesQuery = Static<typeof ListServicesQuery>;

/** A change of state. */
export const HealthChange = Type.Object(
  {
    at: Timestamp,
    status: ServiceStatus,
    previous_status: ServiceStatus,
    detail: Type.String({ description: 'What the check saw, or who retired or registered it.', maxLength: 512 }),
    duration_ms: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'How long the check took; null when it was none.',
    }),
  },
  { title: 'HealthChange' },
);
export type HealthChange = Static<typeof HealthChange>;

export const HealthHistory = Type.Object(
  {
    service_id: ServiceId,
    status: ServiceStatus,
    items: Type.Array(HealthChange, { maxItems: 500, description: 'Newest first.' }),
  },
  { title: 'HealthHistory', description: 'The latest changes of state.' },
);
export type HealthHistory = Static<typeof HealthHistory>;
