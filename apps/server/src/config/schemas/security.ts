import { Type } from 'typebox';
import { integer, section } from '../setting.ts';

/** One hour to ten years. */
const hours = { minimum: 1, maximum: 87_600 };

export const security = section(
  {
    rate_limit_certs_per_hour: integer({
      description: 'Certificates an hour for each service, unless its whitelist entry says otherwise.',
      default: 100,
      minimum: 1,
      maximum: 1_000_000,
    }),
    global_rate_limit_certs_per_hour: integer({
      description: 'Certificates an hour for all services together; what the server issues for itself does not count.',
      default: 5000,
      minimum: 1,
      maximum: 100_000_000,
    }),
    require_mtls_for_api: Type.Literal(true, {
      description: 'The API always asks for client certificates; only the routes that docs/api.md calls open do not.',
      default: true,
    }),
    audit_logging_enabled: Type.Literal(true, {
      description: 'The audit log cannot be switched off: it is written in the transaction of what it records.',
      default: true,
    }),
    crl_update_interval_hours: integer({
      description: 'How often the CRL is made anew when nothing was revoked; a revocation makes one at once.',
      default: 6,
      ...hours,
    }),
    crl_validity_hours: integer({
      description: 'How long after its making a CRL may be used (nextUpdate); longer than the interval.',
      default: 24,
      ...hours,
    }),
    crl_shards: integer({
      description:
        'Into how many parts the CRL is divided; each certificate names its own, so it stays as it was when the CA was made.',
      default: 16,
      minimum: 1,
      maximum: 1024,
    }),
    crl_full_min_gap_seconds: integer({
      description:
        'Least time between two full CRLs, and between two delta CRLs, when much is revoked; the shards never wait.',
      default: 1,
      minimum: 1,
      maximum: 86_400,
    }),
    revocation_snapshot_validity_minutes: integer({
      description:
        'How long a revocation snapshot may be used when nothing more is heard; a delta prolongs it at a quarter.',
      default: 60,
      minimum: 5,
      maximum: 1440,
    }),
    crl_export_folder: Type.Optional(
      Type.String({
        description:
          'Folder into which all CRLs and CA certificates are written as well, under the paths of their URLs, for a web server or an object store; off when left out.',
        pattern: '^[^\\u0000\\r\\n]{1,4096}$',
        expects: 'a path, relative to the PKI directory',
        examples: ['./export'],
      }),
    ),
  },
  'Limits, and what cannot be switched off.',
);
