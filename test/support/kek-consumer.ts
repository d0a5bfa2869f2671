import { createPrivateKey, randomBytes } from 'node:crypto';
import type { KekDelivery, KekGroupDelivery } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import {
  type DeliveryBinding,
  type GroupKeyName,
  generateDeliveryKey,
  type KekKem,
  type OpenedKek,
  openDelivery,
  openGroupDelivery,
  signDeliveryRequest,
  signGroupDeliveryRequest,
} from '@vcc-pki/kek';
import type { Answer, Identity } from './call-api.ts';

/** How a call gets to the server: past it, or through something in between. */
export type Call = (method: string, path: string, options: { as: Identity; body: unknown }) => Promise<Answer>;

export interface FetchOptions {
  readonly as: Identity;
  readonly kekId: string;
  readonly kem?: KekKem;
  readonly instance?: string;
  readonly now?: number;
  readonly acceptCompromised?: boolean;
}

interface Prepared {
  readonly body: Readonly<Record<string, unknown>>;
  readonly privateKey: CryptoKey;
  readonly binding: Omit<DeliveryBinding, 'kekCertificate'>;
}

/** What a consumer sends for a KEK, and what it keeps to open the answer. */
export async function prepareFetch(options: FetchOptions): Promise<Prepared> {
  const { as, kekId, kem = 'X25519', instance = 'one', now = Date.now() } = options;
  const { publicKey, privateKey } = await generateDeliveryKey(kem);
  const nonce = new Uint8Array(randomBytes(32));
  const clientCertificate = parsePem(as.cert)[0]!.der;
  const request = await signDeliveryRequest(
    { kekId, kem, publicKey, nonce, instance },
    { certificate: clientCertificate, privateKey: createPrivateKey(as.key), now },
  );
  return {
    body: { request, ...(options.acceptCompromised && { accept_compromised: true }) },
    privateKey,
    binding: { kekId, kem, publicKey, nonce, clientCertificate },
  };
}

/** Opens what came for a prepared request. */
export function openAnswer({ binding, privateKey }: Prepared, delivery: KekDelivery): Promise<OpenedKek> {
  return openDelivery(
    { ...binding, kekCertificate: parsePem(delivery.certificate_pem)[0]!.der },
    {
      enc: new Uint8Array(Buffer.from(delivery.enc, 'base64url')),
      ciphertext: new Uint8Array(Buffer.from(delivery.ciphertext, 'base64url')),
      policy: delivery.policy,
      privateKey,
    },
  );
}

/** Fetches a KEK as a consumer does. */
export async function fetchKek(
  call: Call,
  options: FetchOptions,
): Promise<{ answer: Answer; opened: OpenedKek | undefined }> {
  const prepared = await prepareFetch(options);
  const answer = await call('POST', `/api/v1/keks/${options.kekId}/open`, { as: options.as, body: prepared.body });
  return {
    answer,
    opened: answer.status === 200 ? await openAnswer(prepared, answer.json() as KekDelivery) : undefined,
  };
}

export interface GroupFetchOptions extends Pick<FetchOptions, 'as' | 'kem' | 'now'> {
  readonly name: GroupKeyName;
}

/** Where the key of a group is asked for. */
export function groupPath({ line, tenant, group }: Omit<GroupKeyName, 'epoch'>): string {
  return `/api/v1/keks/${line}/groups/${tenant}/${encodeURIComponent(group)}`;
}

/** What a member sends for the key of a group, and what opens the answer. */
export async function prepareGroupFetch({ as, name, kem = 'X25519', now = Date.now() }: GroupFetchOptions) {
  const { publicKey, privateKey } = await generateDeliveryKey(kem);
  const receiver = { kem, publicKey, nonce: new Uint8Array(randomBytes(32)) };
  const clientCertificate = parsePem(as.cert)[0]!.der;
  const request = await signGroupDeliveryRequest(
    { ...name, ...receiver, instance: 'one' },
    { certificate: clientCertificate, privateKey: createPrivateKey(as.key), now },
  );
  const open = (delivery: KekGroupDelivery): Promise<Uint8Array> =>
    openGroupDelivery(
      { ...name, ...receiver, clientCertificate },
      {
        enc: new Uint8Array(Buffer.from(delivery.enc, 'base64url')),
        ciphertext: new Uint8Array(Buffer.from(delivery.ciphertext, 'base64url')),
        signature: new Uint8Array(Buffer.from(delivery.signature, 'base64url')),
        policy: delivery.policy,
        signer: parsePem(delivery.signer_pem)[0]!.der,
        privateKey,
      },
    );
  return { body: { epoch: name.epoch, request }, open };
}

/** Fetches the key of a group as a member does. */
export async function fetchGroupKey(
  call: Call,
  options: GroupFetchOptions,
): Promise<{ answer: Answer; key: Uint8Array | undefined }> {
  const { body, open } = await prepareGroupFetch(options);
  const answer = await call('POST', `${groupPath(options.name)}/open`, { as: options.as, body });
  return { answer, key: answer.status === 200 ? await open(answer.json() as KekGroupDelivery) : undefined };
}
