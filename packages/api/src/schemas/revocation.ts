import { type Static, Type } from 'typebox';
import {
  CertificateId,
  LedgerStatus,
  SerialNumber,
  SerialNumberDecimal,
  SerialNumberInput,
  ServiceId,
  Timestamp,
  Url,
} from './fields.ts';
import { RevocationReason, RevocationReasonWord } from './revocation-reasons.ts';

const details = {
  comment: Type.Optional(
    Type.String({
      description: 'For the audit log, without control characters.',
      pattern: '^[^\\u0000-\\u001f\\u007f]*$',
      maxLength: 512,
    }),
  ),
  invalidity_date: Type.Optional(
    Type.String({
      ...Timestamp,
      description: 'Since when the key is known or suspected to be in other hands (RFC 5280 s5.3.2); RFC 3339 in UTC.',
    }),
  ),
};

/** `DELETE /certificates/{id}/revoke`; null stands for "no body", which is right when the query names the reason. */
export const RevokeCertificateBody = Type.Union(
  [
    Type.Object({ reason: Type.Optional(RevocationReasonWord), ...details }, { additionalProperties: false }),
    Type.Null(),
  ],
  { title: 'RevokeCertificateBody', description: 'The reason is required, here or in the query.' },
);
export type RevokeCertificateBody = Static<typeof RevokeCertificateBody>;

const wait = Type.Optional(
  Type.Enum(['published'], {
    type: 'string',
    description: 'Answer only when the CRL that the certificate names lists it, or after five seconds.',
  }),
);

export const RevokeCertificateQuery = Type.Object(
  { reason: Type.Optional(RevocationReasonWord), wait },
  { additionalProperties: false },
);
export type RevokeCertificateQuery = Static<typeof RevokeCertificateQuery>;

/** `POST /crl/revoke`: the same use case, by certificate or by serial number. */
export const RevokeBySerialBody = Type.Object(
  {
    certificate_id: Type.Optional(CertificateId),
    serial_number: Type.Optional(SerialNumberInput),
    reason: RevocationReasonWord,
    ...details,
  },
  {
    title: 'RevokeBySerialBody',
    description: 'Exactly one of certificate_id and serial_number.',
    additionalProperties: false,
  },
);
export type RevokeBySerialBody = Static<typeof RevokeBySerialBody>;

export const RevokeBySerialQuery = Type.Object({ wait }, { additionalProperties: false });
export type RevokeBySerialQuery = Static<typeof RevokeBySerialQuery>;

export const RevocationResource = Type.Object(
  {
    certificate_id: CertificateId,
    service_name: ServiceId,
    serial_number: SerialNumber,
    serial_number_decimal: SerialNumberDecimal,
    status: Type.Literal('revoked'),
    reason: RevocationReason,
    revoked_at: Timestamp,
    effective_at: Type.String({
      ...Timestamp,
      description:
        'When the CRL that the certificate names lists it: since then when `published`, at the latest otherwise; RFC 3339 in UTC.',
    }),
    published: Type.Boolean({ description: 'Whether that CRL was seen to list it; always false without `wait`.' }),
    crl_url: Url,
    invalidity_date: Type.Optional(Timestamp),
    same_key: Type.Array(
      Type.Object({
        certificate_id: CertificateId,
        service_name: ServiceId,
        serial_number: SerialNumber,
        status: LedgerStatus,
      }),
      {
        maxItems: 1000,
        description: 'After keyCompromise: the other certificates with this public key, which are to be revoked too.',
      },
    ),
  },
  { title: 'Revocation' },
);
export type RevocationResource = Static<typeof RevocationResource>;

export const CheckSerialParams = Type.Object({ serial: SerialNumberInput }, { additionalProperties: false });
export type CheckSerialParams = Static<typeof CheckSerialParams>;

/** `GET /crl/check/{serial}`; a serial number that is not in the ledger is `notFound`, never "not revoked". */
export const SerialCheckResource = Type.Object(
  {
    serial_number: SerialNumber,
    serial_number_decimal: SerialNumberDecimal,
    certificate_id: CertificateId,
    revoked: Type.Boolean({ description: 'As the ledger says at this moment, be it in a CRL yet or not.' }),
    status: LedgerStatus,
    revoked_at: Type.Optional(Timestamp),
    reason: Type.Optional(RevocationReason),
    invalidity_date: Type.Optional(Timestamp),
    checked_at: Timestamp,
    crl_url: Url,
  },
  { title: 'SerialCheck' },
);
export type SerialCheckResource = Static<typeof SerialCheckResource>;
