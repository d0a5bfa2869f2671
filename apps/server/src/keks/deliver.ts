import { type KekDelivery, type KekDeliveryPolicy, type KekGrant, PkiError } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { type DeliveryRequest, sealDelivery, verifyDeliveryRequest } from '@vcc-pki/kek';
import { notGranted } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import { issuedDer, type KekRecord, kekId, sealedSeed } from '../store/index.ts';
import { timestamp } from '../store/timestamp.ts';
import { auditOf } from './audit-of.ts';
import { certificateOf, inTurn, orRefuse } from './delivery-parts.ts';
import type { KekDeps } from './deps.ts';
import { findKek } from './grants.ts';

/** What a service sends for a key. */
export interface DeliveryOrder {
  /** Of the KEK. */
  readonly id: string;
  /** The signed request. */
  readonly request: string;
  readonly acceptCompromised: boolean;
}

/** A delivery without what the route knows: the chain. */
export type SealedKek = Omit<KekDelivery, 'chain_pem'>;

/**
 * Delivers a KEK: checks who asks and for what, records it, and only then opens the seed, for as long as sealing it to the
 * caller's ephemeral key takes.
 * @throws {@link PkiError} `notFound`, `forbidden`, `badKekRequest`, `kekDisabled`, `kekDestroyed`, `kekRevoked`,
 *   `rateLimited`
 */
export async function deliverKek(deps: KekDeps, requester: Requester, order: DeliveryOrder): Promise<SealedKek> {
  return inTurn(deps, () => deliver(deps, requester, order));
}

async function deliver(deps: KekDeps, requester: Requester, order: DeliveryOrder): Promise<SealedKek> {
  const { store, clock } = deps.issuance;
  const { kek, grants } = await findKek(store, requester, order.id);
  if (!grants.includes('read') && !grants.includes('write')) {
    throw notGranted(`"${requester.serviceId}" may not have the secret of ${order.id}`);
  }
  const clientCertificate = await certificateOf(deps, requester.certificateId);
  const request = await orRefuse(() =>
    verifyDeliveryRequest(order.request, {
      certificate: clientCertificate,
      kekId: kekId(kek.number),
      now: clock.now(),
    }),
  );
  deps.gate.takeNonce(requester.fingerprint, request.nonce);
  const recorded = await record(deps, requester, { order, kek, grants, request });
  return seal(deps, { kek: recorded, grants, request, clientCertificate });
}

function record(
  { issuance, rules }: KekDeps,
  requester: Requester,
  facts: { order: DeliveryOrder; kek: KekRecord; grants: readonly KekGrant[]; request: DeliveryRequest },
): Promise<KekRecord> {
  const { kek, grants, request, order } = facts;
  const now = issuance.clock.now();
  return issuance.store.ledger.submit('recordKekDelivery', {
    number: kek.number,
    serviceId: requester.serviceId,
    instance: request.instance,
    canWrite: grants.includes('write'),
    acceptCompromised: order.acceptCompromised,
    ratePerHour: rules.deliveriesPerHour,
    now,
    audit: {
      ...auditOf(requester, 'kek-open', now),
      certificateId: kek.certificateId,
      details: {
        kek_id: kekId(kek.number),
        line: kek.line,
        version: kek.version,
        instance: request.instance,
        kem: request.kem,
        grants: [...grants],
        ...(order.acceptCompromised && { accept_compromised: true }),
      },
    },
  });
}

async function seal(
  { issuance, vault }: KekDeps,
  facts: { kek: KekRecord; grants: readonly KekGrant[]; request: DeliveryRequest; clientCertificate: Uint8Array },
): Promise<SealedKek> {
  const { kek, grants, request, clientCertificate } = facts;
  const stored = await sealedSeed.first(issuance.store.read, kek);
  if (stored === undefined || stored.sealed === null) {
    throw new PkiError('kekDestroyed', `${kekId(kek.number)} is destroyed; nobody has it any more.`);
  }
  const policy = policyOf(kek, grants, issuance.clock.now());
  const kekCertificate = issuedDer(kek);
  const binding = { ...request, kekCertificate, clientCertificate };
  const sealed = { octets: new Uint8Array(stored.sealed), rootId: stored.rootId };
  const { enc, ciphertext } = await vault.withSeed(sealed, kek, (seed) =>
    orRefuse(() => sealDelivery(binding, { seed, policy })),
  );
  return {
    kem: request.kem,
    enc: Buffer.from(enc).toString('base64url'),
    ciphertext: Buffer.from(ciphertext).toString('base64url'),
    policy,
    certificate_pem: encodePem('CERTIFICATE', kekCertificate),
  };
}

/** What the receiver is to keep to. A revoked key is for reading, whoever has it. */
function policyOf(kek: KekRecord, grants: readonly KekGrant[], now: number): KekDeliveryPolicy {
  return {
    kek_id: kekId(kek.number),
    line: kek.line,
    line_id: kek.lineId,
    version: kek.version,
    state: kek.state,
    compromised: kek.compromised === 1,
    epoch: kek.epoch,
    not_before_write: timestamp(kek.notBeforeWrite),
    not_after_write: timestamp(kek.notAfterWrite),
    grants: kek.revoked === 1 ? grants.filter((grant) => grant === 'read') : [...grants],
    issued_at: timestamp(now),
  };
}
