import { parseCertificate, signatureAlgorithmForKey, verifySignature } from '@vcc-pki/x509';
import { hkdfExpand } from './hkdf.ts';
import { KekError } from './kek-error.ts';
import { pae } from './pae.ts';
import {
  type DeliveryPolicy,
  type DeliveryReceiver,
  openMessage,
  policyOctets,
  receiverPieces,
  type SealedDelivery,
  sealMessage,
} from './sealed-message.ts';

/** Octets of the random key of a group. */
export const groupKeyLength = 32;

/** The key of a group in one epoch. */
export interface GroupKeyName {
  /** Name of the line. */
  readonly line: string;
  readonly tenant: string;
  readonly group: string;
  /** An unsigned integer of 32 bits, from 1. */
  readonly epoch: number;
}

/** What the delivery of a group's key is bound to: with any other of these it does not open. */
export interface GroupDeliveryBinding extends DeliveryReceiver, GroupKeyName {
  /** DER of the certificate that signed the request. */
  readonly clientCertificate: Uint8Array;
}

/** A sealed group key, and the signature of the PKI under it. */
export interface SignedGroupDelivery extends SealedDelivery {
  readonly signature: Uint8Array;
}

const label = 'vcc-pki/group-delivery/v1';
const signatureLabel = 'vcc-pki/group-delivery-signature/v1';

/**
 * Seals the key of a group to the receiver's ephemeral key (RFC 9180, base mode):
 * `info = PAE("vcc-pki/group-delivery/v1", line, tenant, group, epoch, SHA-256(clientCertificate), SHA-256(publicKey),
 * nonce)`, `aad` = the policy as canonical JSON. No certificate is made for the key of a group, by which a planted one would
 * show; so the sealed key is signed: `PAE("vcc-pki/group-delivery-signature/v1", info, aad, enc, ciphertext)`.
 * @param delivery.key 32 octets; not kept and not erased: it is the caller's.
 * @param delivery.sign with a key of the PKI; ECDSA signatures are DER.
 * @throws {@link KekError} `badPublicKey` for an ephemeral key that is none.
 */
export async function sealGroupDelivery(
  binding: GroupDeliveryBinding,
  delivery: {
    readonly key: Uint8Array;
    readonly policy: DeliveryPolicy;
    readonly sign: (octets: Uint8Array) => Promise<Uint8Array>;
  },
): Promise<SignedGroupDelivery> {
  const { key: secret, policy, sign } = delivery;
  if (secret.length !== groupKeyLength) throw new RangeError(`the key of a group has ${groupKeyLength} octets`);
  const sealed = await sealMessage(binding, { info: info(binding), secret, policy });
  return { ...sealed, signature: await sign(signedOctets(binding, policy, sealed)) };
}

/**
 * Verifies the signature of a delivery, opens it and gives the key.
 * @param delivery.signer DER of the certificate that the delivery came with; its path is to be verified before.
 * @returns 32 octets, the caller's to erase.
 * @throws {@link KekError} `badDelivery`: a security event, never a reason to try again
 */
export async function openGroupDelivery(
  binding: GroupDeliveryBinding,
  delivery: SignedGroupDelivery & {
    readonly policy: DeliveryPolicy;
    readonly privateKey: CryptoKey;
    readonly signer: Uint8Array;
  },
): Promise<Uint8Array> {
  const { der: publicKey } = parseCertificate(delivery.signer).subjectPublicKeyInfo;
  const isSigned = await verifySignature({
    algorithm: signatureAlgorithmForKey(publicKey),
    publicKey,
    data: signedOctets(binding, delivery.policy, delivery),
    signature: delivery.signature,
  });
  if (!isSigned) throw new KekError('badDelivery', 'the delivery is not signed by the PKI for this request');
  const key = await openMessage({ kem: binding.kem, info: info(binding) }, delivery);
  if (key.length === groupKeyLength) return key;
  key.fill(0);
  throw new KekError('badDelivery', 'what was delivered is no key of a group');
}

/**
 * Names a group's key without telling anything about it: whether two are the same shows by it.
 * @returns 32 digits of lower-case hex: `HKDF-Expand(key, PAE("vcc-pki/group-key-id/v1"), 16)`.
 */
export function groupKeyId(key: Uint8Array): string {
  return Buffer.from(hkdfExpand(key, pae('vcc-pki/group-key-id/v1'), 16)).toString('hex');
}

/** An epoch as labels hold it: four octets, big-endian. @throws RangeError */
export function groupEpochOctets(epoch: number): Uint8Array {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0xffff_ffff) throw new RangeError(`${epoch} is no epoch: a u32`);
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, epoch);
  return octets;
}

function signedOctets(binding: GroupDeliveryBinding, policy: DeliveryPolicy, sealed: SealedDelivery): Uint8Array {
  return pae(signatureLabel, info(binding), policyOctets(policy), sealed.enc, sealed.ciphertext);
}

function info(binding: GroupDeliveryBinding): Uint8Array {
  const { line, tenant, group, epoch, clientCertificate } = binding;
  return pae(label, line, tenant, group, groupEpochOctets(epoch), ...receiverPieces(clientCertificate, binding));
}
