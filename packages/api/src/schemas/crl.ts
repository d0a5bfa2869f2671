import { type Static, Type } from 'typebox';
import { IssuerId, IssuerName, SerialNumber, SerialNumberDecimal, Timestamp, Url } from './fields.ts';
import { RevocationReason } from './revocation-reasons.ts';

export const CrlShardParams = Type.Object(
  {
    issuer: IssuerId,
    shard: Type.String({ description: 'Number of the shard, from 0.', pattern: '^(0|[1-9][0-9]{0,3})$', maxLength: 4 }),
  },
  { additionalProperties: false },
);
export type CrlShardParams = Static<typeof CrlShardParams>;

/** `GET /crl` as JSON: a view for people and scripts. What is signed is the DER. */
export const CrlResource = Type.Object(
  {
    issuer: IssuerName,
    issuer_id: IssuerId,
    crl_number: Type.String({
      description: 'cRLNumber in decimal (RFC 5280 s5.2.3).',
      pattern: '^[0-9]+$',
      maxLength: 48,
    }),
    this_update: Timestamp,
    next_update: Timestamp,
    crl_url: Url,
    sha256: Type.String({ description: 'SHA-256 of the CRL in DER, lower-case hex.', pattern: '^[0-9a-f]{64}$' }),
    entry_count: Type.Integer({ minimum: 0, description: 'How many certificates it lists.' }),
    entries: Type.Array(
      Type.Object({
        serial_number: SerialNumber,
        serial_number_decimal: SerialNumberDecimal,
        revoked_at: Timestamp,
        reason: RevocationReason,
        invalidity_date: Type.Optional(Timestamp),
      }),
      {
        maxItems: 1000,
        description:
          'The first 1000 of the certificates that were revoked and have not expired since the CRL before; the DER has all.',
      },
    ),
  },
  { title: 'Crl' },
);
export type CrlResource = Static<typeof CrlResource>;
