import { createHash } from 'node:crypto';
import { KekError } from './kek-error.ts';
import { hpkeSuite, type KekKem, kemFacts } from './kem.ts';

/** Octets of the nonce of a delivery. */
export const deliveryNonceLength = 32;

/** What the server says about the use of a key; authenticated with it. */
export type DeliveryPolicy = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A secret that is sealed to one receiver. */
export interface SealedDelivery {
  /** The encapsulated secret (RFC 9180 s4). */
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The receiver of one delivery. */
export interface DeliveryReceiver {
  /** The mechanism of the receiver's ephemeral key. */
  readonly kem: KekKem;
  /** The receiver's ephemeral public key as HPKE serializes it. */
  readonly publicKey: Uint8Array;
  /** 32 octets, chosen by the receiver. */
  readonly nonce: Uint8Array;
}

/** Makes the receiver's key pair of one delivery, or of one start of a process. */
export async function generateDeliveryKey(kem: KekKem): Promise<{ publicKey: Uint8Array; privateKey: CryptoKey }> {
  const { kem: mechanism } = hpkeSuite(kem);
  const pair = await mechanism.generateKeyPair();
  return { publicKey: new Uint8Array(await mechanism.serializePublicKey(pair.publicKey)), privateKey: pair.privateKey };
}

/**
 * Seals a secret to an ephemeral key (RFC 9180, base mode); `aad` = the policy as canonical JSON (RFC 8785).
 * @param message.secret not kept and not erased: it is the caller's.
 * @throws {@link KekError} `badPublicKey` for an ephemeral key that is none.
 */
export async function sealMessage(
  receiver: DeliveryReceiver,
  message: { readonly info: Uint8Array; readonly secret: Uint8Array; readonly policy: DeliveryPolicy },
): Promise<SealedDelivery> {
  const recipientPublicKey = await importPublicKey(receiver);
  const sender = await encapsulate(() =>
    hpkeSuite(receiver.kem).createSenderContext({ recipientPublicKey, info: buffer(message.info) }),
  );
  const ciphertext = await sender.seal(buffer(message.secret), buffer(policyOctets(message.policy)));
  return { enc: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) };
}

/** Opens what {@link sealMessage} sealed. @throws {@link KekError} `badDelivery` */
export async function openMessage(
  { kem, info }: { readonly kem: KekKem; readonly info: Uint8Array },
  { enc, ciphertext, policy, privateKey }: SealedDelivery & { policy: DeliveryPolicy; privateKey: CryptoKey },
): Promise<Uint8Array> {
  try {
    const receiver = await hpkeSuite(kem).createRecipientContext({
      recipientKey: privateKey,
      enc: buffer(enc),
      info: buffer(info),
    });
    return new Uint8Array(await receiver.open(buffer(ciphertext), buffer(policyOctets(policy))));
  } catch (cause) {
    throw new KekError('badDelivery', 'the delivery does not open for this key, certificate and nonce', { cause });
  }
}

/** RFC 8785 for flat objects of texts, numbers, truths and lists of texts: both ends encode the parsed policy again. */
export function policyOctets(policy: DeliveryPolicy): Uint8Array {
  const members = Object.keys(policy)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(policy[name])}`);
  return new TextEncoder().encode(`{${members.join(',')}}`);
}

/** What every delivery is bound to, in the order of its `info`. @throws {@link KekError} `badRequest` */
export function receiverPieces(
  clientCertificate: Uint8Array,
  { publicKey, nonce }: DeliveryReceiver,
): readonly [Uint8Array, Uint8Array, Uint8Array] {
  if (nonce.length !== deliveryNonceLength) throw new KekError('badRequest', 'a nonce has 32 octets');
  return [sha256(clientCertificate), sha256(publicKey), nonce];
}

export function sha256(octets: Uint8Array): Uint8Array {
  return createHash('sha256').update(octets).digest();
}

/** @throws {@link KekError} `badPublicKey` */
async function importPublicKey({ kem, publicKey }: DeliveryReceiver): Promise<CryptoKey> {
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

/** WebCrypto's types want memory of their own. */
function buffer(octets: Uint8Array): ArrayBuffer {
  return new Uint8Array(octets).buffer;
}
