import { type Static, Type } from 'typebox';
import {
  FingerprintSha256,
  IssuerId,
  KeyType,
  Pem,
  SerialNumber,
  SerialNumberDecimal,
  Timestamp,
  Url,
} from './fields.ts';

/** A name in RFC 4514 text. */
const DistinguishedName = Type.String({ description: 'Distinguished name (RFC 4514).', maxLength: 1024 });

export const IssuerParams = Type.Object({ issuer: IssuerId }, { additionalProperties: false });
export type IssuerParams = Static<typeof IssuerParams>;

export const CaCertificateResource = Type.Object(
  {
    issuer_id: IssuerId,
    role: Type.Enum(['root', 'intermediate'], { type: 'string' }),
    subject: DistinguishedName,
    issuer: DistinguishedName,
    serial_number: SerialNumber,
    serial_number_decimal: SerialNumberDecimal,
    fingerprint_sha256: FingerprintSha256,
    not_before: Timestamp,
    not_after: Timestamp,
    key_type: KeyType,
    certificate_pem: Pem,
  },
  { title: 'CaCertificate' },
);
export type CaCertificateResource = Static<typeof CaCertificateResource>;

/** `GET /ca/certificates`: compare the fingerprint of the root with the one the operator gave you. */
export const CaCertificatesResource = Type.Object(
  { items: Type.Array(CaCertificateResource, { maxItems: 100, description: 'Root first.' }), chain_url: Url },
  { title: 'CaCertificates' },
);
export type CaCertificatesResource = Static<typeof CaCertificatesResource>;
