import { type Static, Type } from 'typebox';
import { CertificateId, Pem, SerialNumber, ServiceId, Timestamp } from './fields.ts';
import { pageOf, pageQuery } from './page.ts';

/** Counted up over all lines, and never given twice. */
export const KekId = Type.String({
  description: 'Id of a version of a key-encryption key: kek_ and its number.',
  pattern: '^kek_[1-9][0-9]{0,9}$',
  maxLength: 14,
});

/** Short enough for the line's URN to be a common name (RFC 5280 appendix A.1). */
export const KekLine = Type.String({
  description:
    'Name of a line of key-encryption keys: 1 to 40 lower-case letters, digits and hyphens, no hyphen at its ends.',
  pattern: '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$',
  maxLength: 40,
});

/** The two cannot be confused: a line has no underscore. */
export const KekIdOrLine = Type.String({
  description:
    'A KEK id (kek_123) names that version, the name of a line (lower-case letters, digits and hyphens) its primary one.',
  pattern: '^[a-z0-9][a-z0-9_-]*$',
  maxLength: 40,
});

export const unsigned32 = (description: string) => Type.Integer({ description, minimum: 1, maximum: 4_294_967_295 });

const Epoch = Type.Integer({
  description: "Counts the changes of the line's states; what has a smaller one than was seen before is out of date.",
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
});

export const KekKem = Type.Enum(['X25519', 'P-256', 'X-Wing'], {
  type: 'string',
  description: 'How keys are agreed upon (RFC 9180): X25519, P-256, or the hybrid X-Wing.',
});
export type KekKem = Static<typeof KekKem>;

export const KekState = Type.Enum(['PENDING', 'PRIMARY', 'ENABLED', 'DISABLED', 'DESTROYED'], {
  type: 'string',
  description:
    'PENDING: known, for reading only. PRIMARY: new data is encrypted under it, one of each line. ENABLED: for reading only. DISABLED: refused, may be enabled again. DESTROYED: gone for ever.',
});
export type KekState = Static<typeof KekState>;

export const KekGrant = Type.Enum(['read', 'write', 'seal'], {
  type: 'string',
  description:
    'read: the secret, to decrypt. write: the secret, to encrypt too. seal: the certificate alone, to encrypt what only others can read.',
});
export type KekGrant = Static<typeof KekGrant>;

const Grants = Type.Array(KekGrant, { description: 'What is granted.', maxItems: 3, uniqueItems: true });

/** A version of a line as its certificate and the ledger describe it; never its secret. */
export const KekResource = Type.Object(
  {
    id: KekId,
    line: KekLine,
    line_id: unsigned32('Number of the line, in headers of ciphertexts.'),
    version: unsigned32('Counts the keys of the line, from 1.'),
    kem: KekKem,
    state: KekState,
    compromised: Type.Boolean({ description: 'Somebody else may have the secret: read only to encrypt anew.' }),
    revoked: Type.Boolean({ description: 'Its certificate is revoked, and stands in the CRL.' }),
    epoch: Epoch,
    not_before_write: Timestamp,
    not_after_write: Timestamp,
    valid_until: Type.String({ ...Timestamp, description: 'End of the certificate, and of writing under the key.' }),
    created_at: Timestamp,
    state_changed_at: Timestamp,
    certificate_id: CertificateId,
    serial_number: SerialNumber,
    cert: Type.String({ ...Pem, description: 'The certificate of the KEK in PEM.' }),
    grants: Type.Array(KekGrant, { description: 'What the caller may do with it.', maxItems: 3 }),
  },
  { title: 'Kek' },
);
export type KekResource = Static<typeof KekResource>;

export const KekPage = pageOf(KekResource, { title: 'KekPage', description: 'Newest first.' });
export type KekPage = Static<typeof KekPage>;

export const KekParams = Type.Object({ id: KekIdOrLine }, { additionalProperties: false });

export const ListKeksQuery = Type.Object(
  {
    line: Type.Optional(KekLine),
    state: Type.Optional(KekState),
    ...pageQuery,
  },
  { additionalProperties: false },
);

const WriteDays = Type.Integer({
  description: 'For how many days new data may be encrypted under the key. Default: configuration.',
  minimum: 1,
  // NIST SP 800-57 part 1 r5 s5.3.6, table 1: the originator usage period of a symmetric wrapping key is at most two years.
  maximum: 730,
});

export const CreateKekBody = Type.Object(
  {
    line: KekLine,
    kem: Type.Optional(KekKem),
    validity_days: Type.Optional(WriteDays),
  },
  { title: 'CreateKekBody', description: 'A new line, whose first version is PRIMARY.', additionalProperties: false },
);
export type CreateKekBody = Static<typeof CreateKekBody>;

export const RotateKekBody = Type.Union(
  [
    Type.Object({ validity_days: Type.Optional(WriteDays) }, { additionalProperties: false }),
    Type.Null({ description: 'No body.' }),
  ],
  { title: 'RotateKekBody' },
);
export type RotateKekBody = Static<typeof RotateKekBody>;

export const KekAction = Type.Enum(['promote', 'enable', 'disable', 'destroy', 'compromise'], {
  type: 'string',
  description:
    'promote: to PRIMARY, or back to it. disable, enable: refuse it, and undo that. destroy: erase the secret. compromise: revoke it with keyCompromise, and if it is PRIMARY put a new version in its place first.',
});
export type KekAction = Static<typeof KekAction>;

export const ChangeKekBody = Type.Object(
  {
    action: KekAction,
    force: Type.Optional(
      Type.Boolean({
        description: 'Do it although consumers have not acknowledged, records remain or it is too early. Audited.',
        default: false,
      }),
    ),
    dry_run: Type.Optional(Type.Boolean({ description: 'Change nothing; what would be refused is.', default: false })),
    comment: Type.Optional(Type.String({ description: 'Why; kept in the audit.', maxLength: 256 })),
  },
  { title: 'ChangeKekBody', additionalProperties: false },
);
export type ChangeKekBody = Static<typeof ChangeKekBody>;

/** A text of octets. */
export const base64Url = (description: string, maxLength: number) =>
  Type.String({ description, pattern: '^[A-Za-z0-9_-]+$', maxLength });

/** A signed request for a delivery. */
export const kekRequest = (description: string) =>
  Type.String({
    description,
    pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
    maxLength: 16_384,
  });

/** `POST /keks/{id}/open` */
export const OpenKekBody = Type.Object(
  {
    request: kekRequest(
      'Compact JWS by the key of the client certificate, typ vcc-kek-delivery+jws: kek_id, kem, pk (ephemeral public key), nonce, instance, iat (docs/keks.md).',
    ),
    accept_compromised: Type.Optional(
      Type.Boolean({
        description: 'The caller encrypts anew what was encrypted under a revoked key, and wants it in spite of that.',
        default: false,
      }),
    ),
  },
  { title: 'OpenKekBody', additionalProperties: false },
);
export type OpenKekBody = Static<typeof OpenKekBody>;

/** What HPKE authenticates beside the seed, as canonical JSON (RFC 8785). */
export const KekDeliveryPolicy = Type.Object(
  {
    kek_id: KekId,
    line: KekLine,
    line_id: unsigned32('Number of the line, in headers of ciphertexts.'),
    version: unsigned32('Counts the keys of the line, from 1.'),
    state: KekState,
    compromised: Type.Boolean({ description: 'Somebody else may have the secret: read only to encrypt anew.' }),
    epoch: Epoch,
    not_before_write: Timestamp,
    not_after_write: Timestamp,
    grants: Type.Array(KekGrant, { maxItems: 3 }),
    issued_at: Timestamp,
  },
  { title: 'KekDeliveryPolicy', description: 'Whoever opens the delivery keeps to it.' },
);
export type KekDeliveryPolicy = Static<typeof KekDeliveryPolicy>;

export const KekDelivery = Type.Object(
  {
    kem: KekKem,
    enc: base64Url('The encapsulated secret (RFC 9180 s4), base64url.', 2048),
    ciphertext: base64Url('The sealed seed, base64url.', 256),
    policy: KekDeliveryPolicy,
    certificate_pem: Type.String({ ...Pem, description: 'The certificate of the KEK, to which it is bound.' }),
    chain_pem: Type.String({ ...Pem, description: 'Its issuers, nearest first, without the root.' }),
  },
  {
    title: 'KekDelivery',
    description:
      'The seed of a KEK, sealed to the ephemeral key of the request; opened by openDelivery of @vcc-pki/kek.',
  },
);
export type KekDelivery = Static<typeof KekDelivery>;

export const KekGrantResource = Type.Object(
  {
    service_id: ServiceId,
    grants: Grants,
    source: Type.Enum(['api', 'whitelist'], {
      type: 'string',
      description: 'Where it comes from; one of the whitelist is changed there.',
    }),
  },
  { title: 'KekGrantResource' },
);
export type KekGrantResource = Static<typeof KekGrantResource>;

export const KekGrantList = Type.Object(
  { line: KekLine, items: Type.Array(KekGrantResource, { maxItems: 20_000 }) },
  { title: 'KekGrantList', description: 'By service.' },
);
export type KekGrantList = Static<typeof KekGrantList>;

export const KekGrantParams = Type.Object({ id: KekIdOrLine, service_id: ServiceId }, { additionalProperties: false });

export const SetKekGrantBody = Type.Object(
  { grants: Type.Array(KekGrant, { minItems: 1, maxItems: 3, uniqueItems: true, description: 'What is granted.' }) },
  { title: 'SetKekGrantBody', additionalProperties: false },
);
export type SetKekGrantBody = Static<typeof SetKekGrantBody>;

const Instance = Type.String({
  description: 'Names one of several processes of the service: letters, digits and . _ : -',
  pattern: '^[A-Za-z0-9._:-]+$',
  minLength: 1,
  maxLength: 64,
});

const Records = Type.Array(
  Type.Object(
    {
      version: unsigned32('Of the line.'),
      records: Type.Integer({
        description: 'How many records are encrypted under it.',
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
      }),
    },
    { additionalProperties: false },
  ),
  { description: 'Every version that was looked for, also with 0.', maxItems: 1000 },
);

/** What a consumer says about itself. */
export const ReportKekBody = Type.Object(
  {
    instance: Instance,
    epoch: Epoch,
    poll_interval_seconds: Type.Optional(
      Type.Integer({ description: 'How often it asks for news. Default: 60.', minimum: 1, maximum: 86_400 }),
    ),
    scan: Type.Optional(
      Type.Object(
        { records: Records },
        {
          description: 'A full scan of all that the service has stored, begun after the epoch was acknowledged.',
          additionalProperties: false,
        },
      ),
    ),
  },
  {
    title: 'ReportKekBody',
    description: 'Acknowledges an epoch: the instance has every version that is known at it, and writes as it says.',
    additionalProperties: false,
  },
);
export type ReportKekBody = Static<typeof ReportKekBody>;

export const KekConsumerReport = Type.Object(
  { line: KekLine, epoch: Epoch },
  { title: 'KekConsumerReport', description: 'The epoch of the line now; if it is greater, ask for the KEKs again.' },
);
export type KekConsumerReport = Static<typeof KekConsumerReport>;

export const KekConsumer = Type.Object(
  {
    service_id: ServiceId,
    instance: Instance,
    acknowledged_epoch: Epoch,
    live: Type.Boolean({ description: 'Whether a promotion waits for it.' }),
    last_seen: Timestamp,
  },
  { title: 'KekConsumer' },
);
export type KekConsumer = Static<typeof KekConsumer>;

export const KekHolder = Type.Object(
  {
    service_id: ServiceId,
    version: unsigned32('Of the line.'),
    could_write: Type.Boolean({ description: 'Whether it may have encrypted under it.' }),
    records: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'What its last scan found; null: it has not scanned.',
    }),
    clean_scans: Type.Integer({ description: 'How many scans in a row found none, since it is no longer PRIMARY.' }),
  },
  { title: 'KekHolder' },
);
export type KekHolder = Static<typeof KekHolder>;

export const KekConsumerList = Type.Object(
  {
    line: KekLine,
    epoch: Epoch,
    consumers: Type.Array(KekConsumer, { maxItems: 20_000 }),
    holders: Type.Array(KekHolder, { maxItems: 20_000 }),
  },
  { title: 'KekConsumerList', description: 'Who uses the line, and what is encrypted under which version.' },
);
export type KekConsumerList = Static<typeof KekConsumerList>;

export const KekLogEntry = Type.Object(
  {
    epoch: Epoch,
    id: KekId,
    version: unsigned32('Of the line.'),
    from: Type.Union([KekState, Type.Null()], { description: 'null: it was made.' }),
    to: KekState,
    cause: Type.String({ description: 'What led to it: create, rotate, promote, revoke ...', maxLength: 32 }),
    forced: Type.Boolean(),
    at: Timestamp,
  },
  { title: 'KekLogEntry' },
);
export type KekLogEntry = Static<typeof KekLogEntry>;

export const KekLog = Type.Object(
  { line: KekLine, epoch: Epoch, items: Type.Array(KekLogEntry, { maxItems: 1000 }) },
  { title: 'KekLog', description: 'The changes of a line, newest first, the latest thousand.' },
);
export type KekLog = Static<typeof KekLog>;
