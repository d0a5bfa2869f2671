import { createPublicKey, createSign, type KeyObject, sign } from 'node:crypto';
import {
  isLarge,
  type SignatureAlgorithmName,
  signatureAlgorithmForKey,
  signingInput,
  updateInSlices,
  X509Error,
} from '@vcc-pki/x509';
import type { Signer } from './signer.ts';
import { SignerError } from './signer-error.ts';

/**
 * A {@link Signer} over a private key in this process's memory; signatures are made on libuv's threads.
 * @throws {@link SignerError} `unsupportedAlgorithm` when the key is of no kind that signs certificates.
 */
export function createSoftwareSigner(privateKey: KeyObject): Signer {
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  return new SoftwareSigner(privateKey, publicKey, algorithmFor(publicKey));
}

class SoftwareSigner implements Signer {
  readonly publicKey: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  /** The one reference to the key: OpenSSL cleanses it once this and every signature under way are gone. */
  #privateKey: KeyObject | undefined;

  constructor(privateKey: KeyObject, publicKey: Uint8Array, signatureAlgorithm: SignatureAlgorithmName) {
    this.#privateKey = privateKey;
    this.publicKey = publicKey;
    this.signatureAlgorithm = signatureAlgorithm;
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    const key = this.#privateKey;
    if (key === undefined) throw new SignerError('signerClosed', 'the signer is closed');
    const { hash, options } = signingInput(this.signatureAlgorithm);
    if (hash !== null && isLarge(data)) return (await updateInSlices(createSign(hash), data)).sign({ key, ...options });
    return new Promise((resolve, reject) => {
      sign(hash, data, { key, ...options }, (error, signature) => (error ? reject(error) : resolve(signature)));
    });
  }

  async close(): Promise<void> {
    this.#privateKey = undefined;
  }
}

function algorithmFor(publicKey: Uint8Array): SignatureAlgorithmName {
  try {
    return signatureAlgorithmForKey(publicKey);
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    throw new SignerError('unsupportedAlgorithm', error.message, { cause: error });
  }
}
