import { type Static, Type } from 'typebox';

/**
 * The members that several resources share. Every string is bounded, and by a pattern rather than a format, so that
 * any validator of JSON Schema 2020-12 refuses the same texts.
 */

/** A DNS label (RFC 1123 s2.1), for it is a host name and a part of the SPIFFE ID at once. */
export const ServiceId = Type.String({
  description:
    'Id of a service in the whitelist, a DNS label: 1 to 63 lower-case letters, digits and hyphens, no hyphen at its ends.',
  pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$',
  maxLength: 63,
});

export const CertificateId = Type.String({
  description: 'Id of a certificate: cert_, service, day of issue, digits of time and chance.',
  pattern: '^cert_[a-z0-9_]{1,63}_[0-9]{8}_[a-z0-9]{6,64}$',
  maxLength: 142,
});

/** The two cannot be confused: a DNS label has no underscore. */
export const CertificateIdOrServiceId = Type.String({
  description:
    'A certificate_id names that certificate, a service_id the current one of the service; lower-case letters, digits, hyphens and underscores.',
  pattern: '^[a-z0-9][a-z0-9_-]*$',
  maxLength: 142,
});

/** Longest: 20 octets (RFC 5280 s4.1.2.2). */
export const SerialNumber = Type.String({
  description: 'Serial number in lower-case hex, two digits for each octet.',
  pattern: '^(?:[0-9a-f]{2}){1,20}$',
  maxLength: 40,
});

/** Longest: 2^159 - 1 has 48 digits. */
export const SerialNumberDecimal = Type.String({
  description: 'The same serial number in decimal.',
  pattern: '^[0-9]{1,48}$',
  maxLength: 48,
});

/** Longest: 20 octets as `openssl x509 -text` prints them, with colons between. */
export const SerialNumberInput = Type.String({
  description: 'Serial number in hex (either case, colons allowed) or in decimal.',
  pattern: '^[0-9A-Fa-f](?:[0-9A-Fa-f:]*[0-9A-Fa-f])?$',
  maxLength: 59,
});

export const FingerprintSha256 = Type.String({
  description: 'SHA-256 of the certificate in DER, lower-case hex.',
  pattern: '^[0-9a-f]{64}$',
  maxLength: 64,
});

export const Timestamp = Type.String({
  description: 'RFC 3339 in UTC: 2026-11-21T22:22:05Z.',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,3})?Z$',
  maxLength: 24,
});

/** 64 is ub-common-name (RFC 5280 appendix A.1). */
export const CommonName = Type.String({
  description: 'Subject common name, without control characters; must be one of the names the service may hold.',
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  minLength: 1,
  maxLength: 64,
});

/** 64 KiB hold an RSA-4096 request with hundreds of names. */
export const maxCsrLength = 65_536;

export const Csr = Type.String({
  description: 'PKCS#10 certificate signing request (RFC 2986), PEM or base64 of the DER.',
  pattern: '^[\\t\\n\\r -~]+$',
  minLength: 1,
  maxLength: maxCsrLength,
});

export const Pem = Type.String({ description: 'Certificates in PEM (RFC 7468).', maxLength: 262_144 });

const dnsLabel = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** As many names of one type as a public CA accepts in a certificate. */
const maxNames = 100;

export const SanDns = Type.Array(
  Type.String({
    description:
      'DNS name: letters, digits and hyphens in labels with dots between, "*." in front at most; international ones as A-labels.',
    pattern: `^(?:\\*\\.)?${dnsLabel}(?:\\.${dnsLabel})*$`,
    maxLength: 253,
  }),
  { maxItems: maxNames, description: 'dNSName entries of subjectAltName.' },
);

export const SanIp = Type.Array(
  Type.String({
    description: 'IPv4 or IPv6 address, without a prefix length.',
    pattern: '^[0-9A-Fa-f.:]+$',
    minLength: 2,
    maxLength: 45,
  }),
  { maxItems: maxNames, description: 'iPAddress entries of subjectAltName.' },
);

/** 2048 is the limit of a SPIFFE ID. */
export const SanUri = Type.Array(
  Type.String({
    description: 'URI with a scheme in lower case, without spaces.',
    pattern: '^[a-z][a-z0-9+.-]*:[!-~]+$',
    maxLength: 2048,
  }),
  { maxItems: maxNames, description: 'uniformResourceIdentifier entries of subjectAltName.' },
);

export const SanEmail = Type.Array(
  Type.String({ description: 'Mail address.', pattern: '^[!-?A-~]+@[A-Za-z0-9.-]+$', maxLength: 254 }),
  { maxItems: maxNames, description: 'rfc822Name entries of subjectAltName.' },
);

/** The names that configuration and CLI use too. RSA keys of a size between the usual ones have a name as well. */
export const KeyType = Type.String({
  description:
    'Kind of the public key: P-256, P-384, RSA-2048 (or another size), Ed25519, ML-DSA-65 ..., of KEKs also X25519 and X-Wing.',
  pattern: '^(?:P-(?:256|384)|RSA-[0-9]{4,5}|Ed25519|ML-DSA-(?:44|65|87)|X25519|X-Wing)$',
  maxLength: 16,
});

export const KeyTypeHint = Type.Enum(
  ['P-256', 'P-384', 'RSA', 'RSA-2048', 'RSA-3072', 'RSA-4096', 'Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
  { type: 'string', description: 'Kind of the key in the CSR; a statement that is checked, not a wish.' },
);
export type KeyTypeHint = Static<typeof KeyTypeHint>;

export const Profile = Type.String({
  description:
    'Certificate profile: service (both ends of mTLS), client, server, or short-lived (like service, for hours, without news of its revocation).',
  pattern: '^[a-z][a-z0-9-]*$',
  maxLength: 32,
});

export const Metadata = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }),
  Type.String({ maxLength: 256 }),
  {
    description: 'Free facts about the certificate; kept and returned, never interpreted.',
    maxProperties: 32,
    additionalProperties: false,
  },
);

/** Ten years, the life of the root; the configured maximum is the one that counts. */
export const ValidityDays = Type.Integer({
  description: 'Length of validity in days; not together with validity_hours. Default: configuration.',
  minimum: 1,
  maximum: 3650,
});

export const ValidityHours = Type.Integer({
  description: 'Length of validity in hours, for short-lived certificates; not together with validity_days.',
  minimum: 1,
  maximum: 87_600,
});

/** A status of a certificate that exists. */
export const CertificateStatus = Type.Enum(['active', 'expired', 'revoked'], {
  type: 'string',
  description: 'Status at this moment.',
});
export type CertificateStatus = Static<typeof CertificateStatus>;

/** What the ledger knows: an `intent` is recorded before the signature, and `abandoned` when none was made. */
export const LedgerStatus = Type.Enum(['active', 'expired', 'revoked', 'intent', 'abandoned'], {
  type: 'string',
  description: 'Status in the ledger; intent and abandoned have no certificate and are shown to administrators only.',
});
export type LedgerStatus = Static<typeof LedgerStatus>;

export const Url = Type.String({ description: 'Absolute URL or path on this server.', maxLength: 2048 });

/** Named by key, so that issuers of the same name stay apart. */
export const IssuerId = Type.String({
  description: 'Id of an issuer, in URLs too: its subjectKeyIdentifier (RFC 5280 s4.2.1.2) in lower-case hex.',
  pattern: '^(?:[0-9a-f]{2}){1,32}$',
  maxLength: 64,
});

export const IssuerName = Type.String({ description: 'Name of the issuer.', maxLength: 1024 });
