import type { KekGroupDelivery, KekGroupDeliveryPolicy } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { type GroupDeliveryRequest, sealGroupDelivery, verifyGroupDeliveryRequest } from '@vcc-pki/kek';
import type { Requester } from '../requester.ts';
import type { KekGroupRecord, OperationOutput } from '../store/index.ts';
import { timestamp } from '../store/timestamp.ts';
import { auditOf } from './audit-of.ts';
import { certificateOf, inTurn, orRefuse } from './delivery-parts.ts';
import type { KekDeps } from './deps.ts';
import { checkMayHold, type GroupParams } from './find-groups.ts';
import { findLine } from './grants.ts';

/** What a member sends for a key. */
export interface GroupKeyOrder extends GroupParams {
  readonly epoch: number;
  /** The signed request. */
  readonly request: string;
}

/** A delivery without what the route knows: the chain. */
export type SealedGroup = Omit<KekGroupDelivery, 'chain_pem'>;

/**
 * Delivers the key of a sealed group in one epoch, as a KEK is delivered: checks who asks and for what, records it, and only
 * then opens the key, for as long as sealing it to the caller's ephemeral key takes. An administrator who is no member gets
 * none either.
 * @throws {@link PkiError} `notFound`, `forbidden`, `badKekRequest`, `conflict`, `rateLimited`
 */
export async function deliverGroupKey(deps: KekDeps, requester: Requester, order: GroupKeyOrder): Promise<SealedGroup> {
  return inTurn(deps, () => deliver(deps, requester, order));
}

async function deliver(deps: KekDeps, requester: Requester, order: GroupKeyOrder): Promise<SealedGroup> {
  const { store, clock } = deps.issuance;
  const line = await findLine(store, order.id);
  await checkMayHold(store, requester, line);
  const { tenant, group, epoch } = order;
  const clientCertificate = await certificateOf(deps, requester.certificateId);
  const request = await orRefuse(() =>
    verifyGroupDeliveryRequest(order.request, {
      ...{ line: line.name, tenant, group, epoch },
      certificate: clientCertificate,
      now: clock.now(),
    }),
  );
  deps.gate.takeNonce(requester.fingerprint, request.nonce);
  const recorded = await record(deps, requester, { lineId: line.lineId, request });
  return seal(deps, { recorded, request, clientCertificate });
}

function record(
  { issuance, rules }: KekDeps,
  requester: Requester,
  { lineId, request }: { readonly lineId: number; readonly request: GroupDeliveryRequest },
): Promise<OperationOutput<'recordKekGroupDelivery'>> {
  const { line, tenant, group, epoch, instance, kem } = request;
  const now = issuance.clock.now();
  return issuance.store.ledger.submit('recordKekGroupDelivery', {
    ...{ lineId, tenant, name: group, epoch, serviceId: requester.serviceId, now },
    ratePerHour: rules.deliveriesPerHour,
    audit: { ...auditOf(requester, 'kek-group-open', now), details: { line, tenant, group, epoch, instance, kem } },
  });
}

async function seal(
  { issuance, vault, signing }: KekDeps,
  facts: {
    readonly recorded: OperationOutput<'recordKekGroupDelivery'>;
    readonly request: GroupDeliveryRequest;
    readonly clientCertificate: Uint8Array;
  },
): Promise<SealedGroup> {
  const { recorded, request, clientCertificate } = facts;
  const { sealedKey, rootId, keyId } = recorded.key;
  const { signer, certificate } = await signing();
  const policy = policyOf(recorded.group, { epoch: request.epoch, keyId, now: issuance.clock.now() });
  const { enc, ciphertext, signature } = await vault.withSeed(
    { octets: new Uint8Array(sealedKey), rootId },
    request,
    (key) =>
      orRefuse(() =>
        sealGroupDelivery({ ...request, clientCertificate }, { key, policy, sign: (octets) => signer.sign(octets) }),
      ),
  );
  return {
    kem: request.kem,
    enc: base64url(enc),
    ciphertext: base64url(ciphertext),
    policy,
    signature: base64url(signature),
    signer_pem: encodePem('CERTIFICATE', certificate),
  };
}

function policyOf(
  group: KekGroupRecord,
  { epoch, keyId, now }: { readonly epoch: number; readonly keyId: string; readonly now: number },
): KekGroupDeliveryPolicy {
  return {
    line: group.line,
    line_id: group.lineId,
    tenant: group.tenant,
    group: group.name,
    epoch,
    current_epoch: group.epoch,
    key_id: keyId,
    issued_at: timestamp(now),
  };
}

function base64url(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}
