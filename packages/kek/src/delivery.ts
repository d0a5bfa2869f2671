import { createHash, timingSafeEqual } from 'node:crypto';
import { DerError } from '@vcc-pki/asn1';
import { parseCertificate } from '@vcc-pki/x509';
import { type DerivedKek, deriveKek, kekSeedLength } from './derive-kek.ts';
import { type KekCertificateFacts, kekCertificateFacts } from './kek-certificate.ts';
import { KekError } from './kek-error.ts';
import { hpkeSuite, type KekKem, kemFacts } from './kem.ts';
import { pae } from './pae.ts';

/** Octets of the nonce of a delivery. */
export const deliveryNonceLength = 32;

/** What a delivery is bound to: with any other of these it does not open. */
export interface DeliveryBinding {
  readonly kekId: string;
  /** DER. */
  readonly kekCertificate: Uint8Array;
  /** DER of the certificate that signed the request. */
  readonly clientCertificate: Uint8Array;
  /** The mechanism of the receiver's ephemeral key. */
  readonly kem: KekKem;
  /** The receiver's ephemeral public key as HPKE serializes it. */
  readonly publicKey: Uint8Array;
  /** 32 octets, chosen by the receiver. */
  readonly nonce: Uint8Array;
}

/** What the server says about the use of the key; authenticated with the seed. */
export type DeliveryPolicy = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A sealed seed. */
export interface SealedDelivery {
  /** The encapsulated secret (RFC 9180 s4). */
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const label = 'vcc-pki/kek-delivery/v1';

/** Makes the receiver's key pair of one delivery, or of one start of a process. */
export async function generateDeliveryKey(kem: KekKem): Promise<{ publicKey: Uint8Array; privateKey: CryptoKey }> {
  const { kem: mechanism } = hpkeSuite(kem);
  const pair = await mechanism.generateKeyPair();
  return { publicKey: new Uint8Array(await mechanism.serializePublicKey(pair.publicKey)), privateKey: pair.privateKey };
}

/**
 * Seals a seed to the receiver's ephemeral key (RFC 9180, base mode):
 * `info = PAE("vcc-pki/kek-delivery/v1", kekId, SHA-256(kekCertificate), SHA-256(clientCertificate), SHA-256(publicKey),
 * nonce)`, `aad` = the policy as canonical JSON (RFC 8785).
 * @param delivery.seed not kept and not erased: it is the caller's.
 * @throws {@link KekError} `badPublicKey` for an ephemeral key that is none.
 */
export async function sealDelivery(
  binding: DeliveryBinding,
  delivery: { readonly seed: Uint8Array; readonly policy: DeliveryPolicy },
): Promise<SealedDelivery> {
  const suite = hpkeSuite(binding.kem);
  const recipientPublicKey = await importPublicKey(binding);
  const sender = await encapsulate(() =>
    suite.createSenderContext({ recipientPublicKey, info: buffer(info(binding)) }),
  );
  const ciphertext = await sender.seal(buffer(delivery.seed), buffer(policyOctets(delivery.policy)));
  return { enc: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) };
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
  const seed = await open(binding, delivery);
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

async function open(
  binding: DeliveryBinding,
  { enc, ciphertext, policy, privateKey }: Parameters<typeof openDelivery>[1],
): Promise<Uint8Array> {
  try {
    const suite = hpkeSuite(binding.kem);
    const receiver = await suite.createRecipientContext({
      recipientKey: privateKey,
      enc: buffer(enc),
      info: buffer(info(binding)),
    });
    return new Uint8Array(await receiver.open(buffer(ciphertext), buffer(policyOctets(policy))));
  } catch (cause) {
    throw new KekError('badDelivery', 'the delivery does not open for this key, certificate and nonce', { cause });
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

/** @throws {@link KekError} `badPublicKey` */
async function importPublicKey({ kem, publicKey }: DeliveryBinding): Promise<CryptoKey> {
  if (publicKey.length !== kemFacts(kem).publicKeyLength) {
    throw new KekError('badPublicKey', `a public key for ${kem} has ${kemFacts(kem).publicKeyLength} octets`);
  }
  return encapsulate(() => hpkeSuite(kem).kem.deserializePublicKey(buffer(publicKey)));
}

/** A point off the curve or of small order shows in the import or in the encapsulation. */
async function encapsulate<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new KekError('badPublicKey', 'the ephemeral public key is none', { cause });
  }
}

function info(binding: DeliveryBinding): Uint8Array {
  if (binding.nonce.length !== deliveryNonceLength) throw new KekError('badRequest', 'a nonce has 32 octets');
  const { kekId, kekCertificate, clientCertificate, publicKey, nonce } = binding;
  return pae(label, kekId, sha256(kekCertificate), sha256(clientCertificate), sha256(publicKey), nonce);
}

/** RFC 8785 for flat objects of texts, numbers, truths and lists of texts: both ends encode the parsed policy again. */
function policyOctets(policy: DeliveryPolicy): Uint8Array {
  const members = Object.keys(policy)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(policy[name])}`);
  return new TextEncoder().encode(`{${members.join(',')}}`);
}

function sha256(octets: Uint8Array): Uint8Array {
  return createHash('sha256').update(octets).digest();
}

/** WebCrypto's types want memory of their own. */
function buffer(octets: Uint8Array): ArrayBuffer {
  return new Uint8Array(octets).buffer;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
