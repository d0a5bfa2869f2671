import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Aes256Gcm, HkdfSha256 } from '@hpke/core';
import { hkdfExpand, hkdfExtract } from './hkdf.ts';

/** What HPKE takes and gives: WebCrypto's kinds of memory. */
type Octets = ArrayBufferLike | ArrayBufferView;

const tagLength = 16;

/**
 * HKDF-SHA256 for HPKE by `node:crypto`. WebCrypto hands every HMAC to a thread and back, which takes ten times as long as the
 * hash, and one HPKE context needs eight.
 */
export class NodeHkdfSha256 extends HkdfSha256 {
  override async extract(salt: Octets, keyMaterial: Octets): Promise<ArrayBuffer> {
    return ownMemory(hkdfExtract(view(salt), view(keyMaterial)));
  }

  override async expand(pseudoRandomKey: Octets, info: Octets, length: number): Promise<ArrayBuffer> {
    return ownMemory(hkdfExpand(view(pseudoRandomKey), view(info), length));
  }

  override async extractAndExpand(
    salt: Octets,
    keyMaterial: Octets,
    info: Octets,
    length: number,
  ): Promise<ArrayBuffer> {
    const pseudoRandomKey = hkdfExtract(view(salt), view(keyMaterial));
    try {
      return ownMemory(hkdfExpand(pseudoRandomKey, view(info), length));
    } finally {
      pseudoRandomKey.fill(0);
    }
  }
}

/** AES-256-GCM for HPKE by `node:crypto`, for the same reason. */
export class NodeAes256Gcm extends Aes256Gcm {
  override createEncryptionContext(key: Octets): ReturnType<Aes256Gcm['createEncryptionContext']> {
    const secret = Uint8Array.from(view(key));
    return {
      async seal(nonce, plaintext, aad) {
        const cipher = createCipheriv('aes-256-gcm', secret, view(nonce)).setAAD(view(aad));
        return ownMemory(Buffer.concat([cipher.update(view(plaintext)), cipher.final(), cipher.getAuthTag()]));
      },
      async open(nonce, ciphertext, aad) {
        const octets = view(ciphertext);
        if (octets.length < tagLength) throw new RangeError('the ciphertext is shorter than its tag');
        const decipher = createDecipheriv('aes-256-gcm', secret, view(nonce), { authTagLength: tagLength });
        decipher.setAAD(view(aad)).setAuthTag(octets.subarray(-tagLength));
        const plaintext = decipher.update(octets.subarray(0, -tagLength));
        try {
          decipher.final();
          return ownMemory(plaintext);
        } finally {
          plaintext.fill(0);
        }
      },
    };
  }
}

export function view(octets: Octets): Uint8Array {
  return ArrayBuffer.isView(octets)
    ? new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength)
    : new Uint8Array(octets);
}

/** WebCrypto's types want memory of their own. */
export function ownMemory(octets: Uint8Array): ArrayBuffer {
  return new Uint8Array(octets).buffer;
}
