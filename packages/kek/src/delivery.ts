import { timingSafeEqual } from 'node:crypto';
import { DerError } from '@vcc-pki/asn1';
import { parseCertificate } from '@vcc-pki/x509';
import { type DerivedKek, deriveKek, kekSeedLength } from './derive-kek.ts';
import { type KekCertificateFacts, kekCertificateFacts } from './kek-certificate.ts';
import { KekError } from './kek-error.ts';
import { pae } from './pae.ts';
import {
  type DeliveryPolicy,
  type DeliveryReceiver,
  openMessage,
  receiverPieces,
  type SealedDelivery,
  sealMessage,
  sha256,
} from './sealed-message.ts';

/** What a delivery is bound to: with any other of these it does not open. */
export interface DeliveryBinding extends DeliveryReceiver {
  readonly kekId: string;
  /** DER. */
  readonly kekCertificate: Uint8Array;
  /** DER of the certificate that signed the request. */
  readonly clientCertificate: Uint8Array;
}

const label = 'vcc-pki/kek-delivery/v1';

/**
 * Seals a seed to the receiver's ephemeral key (RFC 9180, base mode):
 * `info = PAE("vcc-pki/kek-delivery/v1", kekId, SHA-256(kekCertificate), SHA-256(clientCertificate), SHA-256(publicKey),
 * nonce)`, `aad` = the policy as canonical JSON (RFC 8785).
 * @param delivery.seed not kept and not erased: it is the caller's.
 * @throws {@link KekError} `badPublicKey` for an ephemeral key that is none.
 */
export async function sealDelivery(
  binding: DeliveryBinding,
  { seed, policy }: { readonly seed: Uint8Array; readonly policy: DeliveryPolicy },
): Promise<SealedDelivery> {
  return sealMessage(binding, { info: info(binding), secret: seed, policy });
}

/** A KEK as it came out of a delivery, proved to be the one that its certificate is for. */
export interface OpenedKek extends DerivedKek {
  readonly facts: KekCertificateFacts;
}

/**
 * Opens a delivery, derives the KEK and compares its public key with the certified one, in constant time. The path of the
 * certificate is to be verified before.
 * @throws {@link KekError} `badDelivery`: a security event, never a reason to try again; `badCertificate`
 */
export async function openDelivery(
  binding: DeliveryBinding,
  delivery: SealedDelivery & { readonly policy: DeliveryPolicy; readonly privateKey: CryptoKey },
): Promise<OpenedKek> {
  const certificate = parseKekCertificate(binding.kekCertificate);
  const facts = kekCertificateFacts(certificate);
  const seed = await openMessage({ kem: binding.kem, info: info(binding) }, delivery);
  try {
    if (seed.length !== kekSeedLength) throw new KekError('badDelivery', 'what was delivered is no seed');
    const derived = await deriveKek(seed, facts);
    if (isSame(derived.kexPublicKey, certificate.subjectPublicKeyInfo.der)) return { ...derived, facts };
    derived.root.fill(0);
    throw new KekError('badDelivery', 'the delivered secret is not that of the certificate');
  } finally {
    seed.fill(0);
  }
}

function parseKekCertificate(der: Uint8Array) {
  try {
    return parseCertificate(der);
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw new KekError('badCertificate', 'the certificate of the KEK is not DER', { cause });
  }
}

function info(binding: DeliveryBinding): Uint8Array {
  const { kekId, kekCertificate, clientCertificate } = binding;
  return pae(label, kekId, sha256(kekCertificate), ...receiverPieces(clientCertificate, binding));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
