import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const nonceLength = 12;
const tagLength = 16;

/**
 * Keeps the secrets of webhooks: they sign what is delivered, so a hash of them would not do. In the ledger they are
 * sealed (AES-256-GCM, bound to their webhook) under a key that no database or its backup has: derived from the root of
 * the KEKs, which the passphrase of the CA opens and all servers of a cluster share.
 */
export class SecretBox {
  readonly #key: KeyObject;

  constructor({ sealingKey }: { readonly sealingKey: KeyObject }) {
    const key = new Uint8Array(hkdfSync('sha256', sealingKey.export(), '', 'vcc-pki/webhook-secret/v1', 32));
    this.#key = createSecretKey(key);
    key.fill(0);
  }

  seal(webhookId: string, secret: Uint8Array): string {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagLength });
    cipher.setAAD(Buffer.from(webhookId));
    const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64');
  }

  /** @throws Error when it was sealed under another root or for another webhook. */
  open(webhookId: string, text: string): Uint8Array {
    const sealed = Buffer.from(text, 'base64');
    const nonce = sealed.subarray(0, nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(webhookId));
    decipher.setAuthTag(sealed.subarray(-tagLength));
    return Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()]);
  }
}
