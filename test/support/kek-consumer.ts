import { createPrivateKey, randomBytes } from 'node:crypto';
import type { KekDelivery } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import {
  type DeliveryBinding,
  generateDeliveryKey,
  type KekKem,
  type OpenedKek,
  openDelivery,
  signDeliveryRequest,
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
