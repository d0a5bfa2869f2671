import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { encryptStringSync, generateKey, parseKeySync } from '@47ng/cloak';
import {
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  NodeCachingMaterialsManager,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import type { Contender } from './rates.ts';

/** AES-256-GCM and nothing else: no header, no AAD, no commitment, one key. With the key as this Node takes it fastest. */
export function bareGcm(value: Uint8Array, key: 'raw' | 'keyObject'): Contender {
  const octets = randomBytes(32);
  const given = key === 'raw' ? octets : createSecretKey(octets);
  const nonce = randomBytes(12);
  return {
    records: 1,
    run: () => {
      nonce.writeUInt32BE((nonce.readUInt32BE(8) + 1) >>> 0, 8);
      const cipher = createCipheriv('aes-256-gcm', given, nonce);
      return [cipher.update(value), cipher.final(), cipher.getAuthTag()];
    },
  };
}

/** `@aws-crypto/client-node` with a raw AES keyring and its cache of materials: no network, as fast as it can be. */
export function awsCaching(value: Uint8Array): Contender {
  const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'bench',
    unencryptedMasterKey: new Uint8Array(randomBytes(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const manager = new NodeCachingMaterialsManager({
    backingMaterials: keyring,
    cache: getLocalCryptographicMaterialsCache(100),
    maxAge: 3_600_000,
  });
  return {
    records: 1,
    // The length makes the cache be used: without it a stream of unknown length never is.
    run: () =>
      encrypt(manager, value, {
        encryptionContext: { tenant: 'acme', collection: 'patients', field: 'ssn' },
        plaintextLength: value.length,
      }),
  };
}

/** `@47ng/cloak`, as prisma-field-encryption uses it; its values are texts. */
export function cloak(value: Uint8Array): Contender {
  const key = parseKeySync(generateKey());
  const text = Buffer.from(value)
    .toString('latin1')
    .replace(/[^ -~]/g, 'x');
  return { records: 1, run: () => encryptStringSync(text, key) };
}

interface Sodium {
  readonly crypto_aead_xchacha20poly1305_ietf_encrypt: (
    ...parts: [output: Buffer, message: Buffer, ad: Buffer, secret: null, nonce: Buffer, key: Buffer]
  ) => number;
  readonly sodium_malloc: (size: number) => Buffer;
}

/** XChaCha20-Poly1305 of libsodium; undefined where the optional package is not installed. */
export function sodiumNative(value: Uint8Array): Contender | undefined {
  const sodium = loadSodium();
  if (!sodium) return undefined;
  const [message, ad, nonce] = [Buffer.from(value), randomBytes(60), randomBytes(24)];
  const key = sodium.sodium_malloc(32);
  return {
    records: 1,
    run: () => {
      nonce.writeUInt32BE((nonce.readUInt32BE(20) + 1) >>> 0, 20);
      const output = Buffer.allocUnsafe(message.length + 16);
      return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(output, message, ad, null, nonce, key);
    },
  };
}

function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
}
