import { type Static, Type } from 'typebox';
import { Pem, ServiceId, Timestamp } from './fields.ts';
import { base64Url, KekIdOrLine, KekKem, KekLine, kekRequest, unsigned32 } from './keks.ts';
import { pageOf, pageQuery } from './page.ts';

/** Whose data it is; a part of every label that keys are derived with. */
const Tenant = Type.String({
  description: 'Tenant, as the service that encrypts names it.',
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$',
  maxLength: 64,
});

/** No colon but in `u:`, so that no group can be named like a user; slashes, for some issuers of tokens name groups by paths. */
const GroupName = Type.String({
  description: 'Name of a group as tokens have it; `u:alice` is the user alice.',
  pattern: '^(?:u:)?[A-Za-z0-9/](?:[A-Za-z0-9._@/-]{0,124}[A-Za-z0-9])?$',
  maxLength: 128,
});

export const KekGroupMode = Type.Enum(['derived', 'sealed'], {
  type: 'string',
  description:
    'derived: from the KEK, by whoever holds it; the token is access control. sealed: a random key, delivered to members alone.',
});
export type KekGroupMode = Static<typeof KekGroupMode>;

const GroupEpoch = unsigned32('Counts up from 1; what is new is encrypted under the key of the newest epoch.');

const KeyId = Type.String({
  description: 'Names a key and tells nothing about it.',
  pattern: '^[0-9a-f]{32}$',
  maxLength: 32,
});

export const KekGroupResource = Type.Object(
  {
    line: KekLine,
    line_id: unsigned32('Number of the line, in headers of ciphertexts.'),
    tenant: Tenant,
    group: GroupName,
    mode: KekGroupMode,
    epoch: GroupEpoch,
    epoch_started_at: Timestamp,
    key_id: Type.Union([KeyId, Type.Null()], { description: 'Of the key of this epoch; null: derived.' }),
    created_at: Timestamp,
    members: Type.Optional(
      Type.Array(ServiceId, {
        description: 'Only where one group is shown: to an administrator all of them, to a member itself.',
        maxItems: 1000,
      }),
    ),
  },
  { title: 'KekGroup' },
);
export type KekGroupResource = Static<typeof KekGroupResource>;

export const KekGroupPage = pageOf(KekGroupResource, { title: 'KekGroupPage', description: 'By tenant and name.' });
export type KekGroupPage = Static<typeof KekGroupPage>;

export const ListKekGroupsQuery = Type.Object(
  { tenant: Type.Optional(Tenant), ...pageQuery },
  { additionalProperties: false },
);

export const KekGroupParams = Type.Object(
  { id: KekIdOrLine, tenant: Tenant, group: GroupName },
  { additionalProperties: false },
);

export const KekGroupMemberParams = Type.Object(
  { id: KekIdOrLine, tenant: Tenant, group: GroupName, service_id: ServiceId },
  { additionalProperties: false },
);

export const CreateKekGroupBody = Type.Object(
  {
    tenant: Tenant,
    group: GroupName,
    mode: Type.Optional(Type.Enum(['derived', 'sealed'], { ...KekGroupMode, default: 'sealed' })),
  },
  { title: 'CreateKekGroupBody', description: 'A group without members, in epoch 1.', additionalProperties: false },
);
export type CreateKekGroupBody = Static<typeof CreateKekGroupBody>;

export const NextKekGroupEpochBody = Type.Union(
  [
    Type.Object(
      { comment: Type.Optional(Type.String({ description: 'Why; kept in the audit.', maxLength: 256 })) },
      { additionalProperties: false },
    ),
    Type.Null({ description: 'No body.' }),
  ],
  { title: 'NextKekGroupEpochBody' },
);
export type NextKekGroupEpochBody = Static<typeof NextKekGroupEpochBody>;

/** `POST /keks/{id}/groups/{tenant}/{group}/open` */
export const OpenKekGroupBody = Type.Object(
  {
    epoch: GroupEpoch,
    request: kekRequest(
      'Compact JWS by the key of the client certificate, typ vcc-group-delivery+jws: line, tenant, group, epoch, kem, pk (ephemeral public key), nonce, instance, iat (docs/keks.md).',
    ),
  },
  { title: 'OpenKekGroupBody', additionalProperties: false },
);
export type OpenKekGroupBody = Static<typeof OpenKekGroupBody>;

/** What HPKE authenticates beside the key, as canonical JSON (RFC 8785). */
export const KekGroupDeliveryPolicy = Type.Object(
  {
    line: KekLine,
    line_id: unsigned32('Number of the line, in headers of ciphertexts.'),
    tenant: Tenant,
    group: GroupName,
    epoch: GroupEpoch,
    current_epoch: unsigned32('The newest epoch of the group: under an older one is only read.'),
    key_id: KeyId,
    issued_at: Timestamp,
  },
  { title: 'KekGroupDeliveryPolicy', description: 'Whoever opens the delivery keeps to it.' },
);
export type KekGroupDeliveryPolicy = Static<typeof KekGroupDeliveryPolicy>;

export const KekGroupDelivery = Type.Object(
  {
    kem: KekKem,
    enc: base64Url('The encapsulated secret (RFC 9180 s4), base64url.', 2048),
    ciphertext: base64Url('The sealed key, base64url.', 256),
    policy: KekGroupDeliveryPolicy,
    signature: base64Url('Of the PKI over all of it, base64url.', 8192),
    signer_pem: Type.String({ ...Pem, description: 'The certificate that signed it, for the purpose OCSPSigning.' }),
    chain_pem: Type.String({ ...Pem, description: 'Its issuers, nearest first, without the root.' }),
  },
  {
    title: 'KekGroupDelivery',
    description:
      'The key of a group in one epoch, sealed to the ephemeral key of the request; opened by openGroupDelivery of @vcc-pki/kek.',
  },
);
export type KekGroupDelivery = Static<typeof KekGroupDelivery>;
