import { type Static, Type } from 'typebox';
import { ExpiryStage } from '../events/certificate-events.ts';
import { CertificateId, FingerprintSha256, ServiceId, Timestamp } from './fields.ts';
import { pageOf, pageQuery } from './page.ts';

/** Names of the lists of renewals. */
export const RenewalState = Type.Enum(['due', 'overdue', 'unproven', 'renewed', 'failed', 'archived'], {
  type: 'string',
  description:
    'due: its window has begun; overdue: its window is over; unproven: made by a renewal and seen at no endpoint; renewed: replaced and still valid; failed: it expired unrenewed; archived: replaced or revoked, and out of use.',
});
export type RenewalState = Static<typeof RenewalState>;

export const ListRenewalsQuery = Type.Object(
  {
    state: Type.Optional(RenewalState),
    service: Type.Optional(ServiceId),
    ...pageQuery,
  },
  { additionalProperties: false },
);

export const RenewalResource = Type.Object(
  {
    certificate_id: CertificateId,
    service_id: ServiceId,
    state: RenewalState,
    renewal_window: Type.Object({ start: Timestamp, end: Timestamp }, { additionalProperties: false }),
    not_after: Timestamp,
    stage: Type.Union([ExpiryStage, Type.Null()], { description: 'How loud the server has become about it.' }),
    reminders: Type.Integer({ description: 'How often it was said that it is overdue.', minimum: 0 }),
    last_check: Type.Optional(
      Type.String({ ...Timestamp, description: 'When the scheduler last looked at it; absent: not yet.' }),
    ),
    replaces: Type.Optional(Type.String({ ...CertificateId, description: 'The certificate that it renewed.' })),
    replaced_by: Type.Optional(Type.String({ ...CertificateId, description: 'The certificate that renewed it.' })),
  },
  { title: 'Renewal', description: 'How the renewal of a certificate goes.' },
);
export type RenewalResource = Static<typeof RenewalResource>;

export const RenewalPage = pageOf(RenewalResource, {
  title: 'RenewalPage',
  description: 'Those whose window began first come first.',
});
export type RenewalPage = Static<typeof RenewalPage>;

/** Only the full name of a service: what is reported is about the service, not about a certificate. */
export const ServedParams = Type.Object({ id: ServiceId }, { additionalProperties: false });

const Endpoint = Type.String({
  description: 'Where it was looked at, as it is registered: a URL, or host and port, without spaces.',
  pattern: '^[!-~]+$',
  minLength: 1,
  maxLength: 2048,
});

export const ReportServedBody = Type.Object(
  {
    endpoints: Type.Array(
      Type.Object(
        {
          endpoint: Endpoint,
          served_fingerprint: Type.Union([FingerprintSha256, Type.Null()], {
            description: 'SHA-256 of the certificate that it serves, lower-case hex; null forgets the endpoint.',
          }),
          checked_at: Type.Optional(
            Type.String({ ...Timestamp, description: 'When it was looked at; now when absent.' }),
          ),
        },
        { additionalProperties: false },
      ),
      {
        description: 'What was seen at each; endpoints that are not named stay as they are.',
        minItems: 1,
        maxItems: 64,
      },
    ),
  },
  { title: 'ReportServedBody', description: 'Which certificates endpoints serve.', additionalProperties: false },
);
export type ReportServedBody = Static<typeof ReportServedBody>;

export const ServedResource = Type.Object(
  {
    service_id: ServiceId,
    endpoints: Type.Array(
      Type.Object({
        endpoint: Endpoint,
        served_fingerprint: FingerprintSha256,
        certificate_id: Type.Union([CertificateId, Type.Null()], {
          description: 'The certificate; null: none of this service.',
        }),
        is_newest: Type.Boolean({ description: 'False when the certificate is unknown, over, or was renewed.' }),
        checked_at: Timestamp,
        reported_at: Timestamp,
      }),
      { maxItems: 64 },
    ),
    proven: Type.Boolean({ description: 'Whether no renewal of the service is unproven.' }),
    unproven: Type.Array(CertificateId, { description: 'Renewals that no endpoint serves yet.', maxItems: 100 }),
  },
  { title: 'Served', description: 'Which certificates the endpoints of a service serve, as last reported.' },
);
export type ServedResource = Static<typeof ServedResource>;
