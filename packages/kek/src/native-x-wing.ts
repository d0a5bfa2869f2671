import nodeCrypto, {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { DecapError, EncapError, type RecipientContextParams, type SenderContextParams } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { ownMemory, view } from './node-hpke.ts';

/** What comes before the raw octets: PKCS #8 with the seed alone (RFC 9935 s6), RFC 8410 s7, RFC 9935 s4, RFC 8410 s4. */
const prefixes = {
  mlKemPrivate: Buffer.from('3054020100300b060960864801650304040204428040', 'hex'),
  x25519Private: Buffer.from('302e020100300506032b656e04220420', 'hex'),
  mlKemPublic: Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex'),
  x25519Public: Buffer.from('302a300506032b656e032100', 'hex'),
} as const;

/** Octets (draft-connolly-cfrg-xwing-kem s5). */
const seedLength = 32;
const mlKemSeedLength = 64;
const mlKemPublicLength = 1184;
const mlKemCiphertextLength = 1088;

/** `\.//^\` (draft-connolly-cfrg-xwing-kem s5.3). */
const label = Buffer.from('5c2e2f2f5e5c', 'hex');

interface KeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** Whether this Node has ML-KEM-768: from 24.7 on, where its OpenSSL is 3.5 or later. */
export function hasNativeMlKem(): boolean {
  // Not imported by name, which a Node without it would refuse to load.
  if (typeof nodeCrypto.encapsulate !== 'function') return false;
  try {
    generateKeyPairSync('ml-kem-768');
    return true;
  } catch {
    // Node's one way to say that its OpenSSL does not know the algorithm.
    return false;
  }
}

/**
 * X-Wing of the ML-KEM-768 and X25519 in Node's OpenSSL: octet for octet what the JavaScript of the class below does, in a
 * thirtieth of its time. Keys stay what they are there: 32 octets of a seed, 1216 of a public key.
 */
export class NativeXWing extends XWing {
  override async generateKeyPair(): Promise<KeyPair> {
    return this.#pairOf(randomBytes(seedLength));
  }

  override async deriveKeyPair(keyMaterial: ArrayBufferLike | ArrayBufferView): Promise<KeyPair> {
    return this.#pairOf(shake256(view(keyMaterial), seedLength));
  }

  override async generateKeyPairDerand(seed: Uint8Array): Promise<KeyPair> {
    if (seed.length !== seedLength) throw new RangeError(`the seed of X-Wing has ${seedLength} octets`);
    return this.#pairOf(Buffer.from(seed));
  }

  /** @throws EncapError for a public key that is none */
  override async encap(params: SenderContextParams): Promise<{ sharedSecret: ArrayBuffer; enc: ArrayBuffer }> {
    // Randomness that is given is for test vectors, which OpenSSL does not take.
    if (params.ekm !== undefined) return super.encap(params);
    const publicKey = Buffer.from(await this.serializePublicKey(params.recipientPublicKey));
    try {
      const mlKem = publicOf(prefixes.mlKemPublic, publicKey.subarray(0, mlKemPublicLength));
      const xPublic = publicKey.subarray(mlKemPublicLength);
      const ephemeral = generateKeyPairSync('x25519');
      const { sharedKey, ciphertext } = nodeCrypto.encapsulate(mlKem);
      const xCiphertext = rawX25519(ephemeral.publicKey);
      const xShared = diffieHellman({
        privateKey: ephemeral.privateKey,
        publicKey: publicOf(prefixes.x25519Public, xPublic),
      });
      const sharedSecret = combine(sharedKey, xShared, xCiphertext, xPublic);
      return { sharedSecret, enc: ownMemory(Buffer.concat([ciphertext, xCiphertext])) };
    } catch (cause) {
      throw new EncapError(cause);
    }
  }

  /** @throws DecapError for an `enc` of another length or with a point of small order */
  override async decap({ recipientKey, enc }: RecipientContextParams): Promise<ArrayBuffer> {
    const key = 'privateKey' in recipientKey ? recipientKey.privateKey : recipientKey;
    const seed = Buffer.from(await this.serializePrivateKey(key));
    try {
      const octets = Buffer.from(view(enc));
      if (octets.length !== this.encSize) throw new RangeError(`enc has ${this.encSize} octets`);
      const { mlKem, x25519 } = expand(seed);
      const xCiphertext = octets.subarray(mlKemCiphertextLength);
      const sharedKey = nodeCrypto.decapsulate(mlKem, octets.subarray(0, mlKemCiphertextLength));
      const xShared = diffieHellman({ privateKey: x25519, publicKey: publicOf(prefixes.x25519Public, xCiphertext) });
      return combine(sharedKey, xShared, xCiphertext, rawX25519(createPublicKey(x25519)));
    } catch (cause) {
      throw new DecapError(cause);
    }
  }

  /** @param seed not kept: zeroed */
  async #pairOf(seed: Buffer): Promise<KeyPair> {
    const { mlKem, x25519 } = expand(seed);
    const raw = createPublicKey(mlKem).export({ format: 'der', type: 'spki' }).subarray(-mlKemPublicLength);
    const [publicKey, privateKey] = await Promise.all([
      this.deserializePublicKey(ownMemory(Buffer.concat([raw, rawX25519(createPublicKey(x25519))]))),
      this.deserializePrivateKey(ownMemory(seed)),
    ]);
    seed.fill(0);
    return { publicKey, privateKey };
  }
}

/** draft-connolly-cfrg-xwing-kem s5.2: expandDecapsulationKey. */
function expand(seed: Uint8Array): { readonly mlKem: KeyObject; readonly x25519: KeyObject } {
  const octets = shake256(seed, mlKemSeedLength + 32);
  const [mlKem, x25519] = [
    privateOf(prefixes.mlKemPrivate, octets.subarray(0, mlKemSeedLength)),
    privateOf(prefixes.x25519Private, octets.subarray(mlKemSeedLength)),
  ];
  octets.fill(0);
  return { mlKem, x25519 };
}

/** draft-connolly-cfrg-xwing-kem s5.3. */
function combine(mlKem: Uint8Array, x25519: Uint8Array, ciphertext: Uint8Array, publicKey: Uint8Array): ArrayBuffer {
  const hash = createHash('sha3-256').update(mlKem).update(x25519).update(ciphertext).update(publicKey).update(label);
  mlKem.fill(0);
  x25519.fill(0);
  return ownMemory(hash.digest());
}

function shake256(octets: Uint8Array, outputLength: number): Buffer {
  return createHash('shake256', { outputLength }).update(octets).digest();
}

function privateOf(prefix: Buffer, octets: Uint8Array): KeyObject {
  const key = Buffer.concat([prefix, octets]);
  const parsed = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  key.fill(0);
  return parsed;
}

function publicOf(prefix: Buffer, octets: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([prefix, octets]), format: 'der', type: 'spki' });
}

function rawX25519(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32);
}
