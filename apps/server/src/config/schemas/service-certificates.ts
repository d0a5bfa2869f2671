import { keyTypes } from '@vcc-pki/signer';
import { Type } from 'typebox';
import { choice, integer, section } from '../setting.ts';

/** All that x509 can name and verify; those of the signer are made here, the others by their owners. */
export const certifiableKeyTypes = [...keyTypes, 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;

/** One day to ten years, the life of the root. */
export const days = { minimum: 1, maximum: 3650 };

export const serviceCertificates = section(
  {
    default_validity_days: integer({
      description: 'Validity of a certificate when the request does not say.',
      default: 365,
      ...days,
    }),
    max_validity_days: integer({ description: 'Longest validity that may be asked for.', default: 365, ...days }),
    default_key_type: choice(keyTypes, {
      description: 'Kind of key that clients make when not told otherwise.',
      default: 'P-256',
    }),
    default_key_size: choice([2048, 3072, 4096], {
      description: 'Least size of RSA keys, and the one that clients make when not told otherwise.',
      default: 2048,
    }),
    allowed_key_types: Type.Array(Type.Enum([...certifiableKeyTypes]), {
      description: 'Kinds of keys that are certified.',
      default: [...keyTypes],
      minItems: 1,
      maxItems: certifiableKeyTypes.length,
      uniqueItems: true,
    }),
    auto_renew_enabled: Type.Boolean({
      description: 'Whether certificates of services are due for renewal before they end.',
      default: true,
    }),
    renew_before_days: integer({
      description:
        'How long before its end a certificate is due; the same setting as renew_before_expiry_days of rotation_policy.yaml.',
      default: 30,
      ...days,
    }),
    max_certificates_per_service: integer({
      description:
        'Unexpired, unrevoked certificates that a service may have, unless its whitelist entry says otherwise.',
      default: 5,
      minimum: 1,
      maximum: 100_000,
    }),
    backdate_seconds: integer({
      description: 'How far notBefore lies in the past, for relying parties whose clock is behind.',
      default: 60,
      minimum: 0,
      // 48 hours: the most that CA/B BR 7.1.2.7 allows.
      maximum: 172_800,
    }),
    short_lived_max_hours: integer({
      description: 'Longest validity under the profile short-lived, whose revocation nobody can look up.',
      default: 24,
      minimum: 1,
      // Seven days: what CA/B BR 1.6.1 calls short-lived since March 2026.
      maximum: 168,
    }),
    server_validity_days: integer({
      description: "Validity of the server's own certificate, which it renews by itself.",
      default: 30,
      ...days,
    }),
  },
  'What is issued to services.',
);
