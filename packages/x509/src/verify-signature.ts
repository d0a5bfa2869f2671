import { createVerify, KeyObject, type SigningOptions, verify } from 'node:crypto';
import { importPublicKey } from './import-public-key.ts';
import { type SignatureAlgorithmName, signatureAlgorithm } from './signature-algorithms.ts';
import { isLarge, updateInSlices } from './update-in-slices.ts';

/** What {@link verifySignature} needs. */
export interface SignatureToVerify {
  readonly algorithm: SignatureAlgorithmName;
  /** DER SubjectPublicKeyInfo, or the key imported from it, for those who use it more than once. */
  readonly publicKey: Uint8Array | KeyObject;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Tells whether `signature` over `data` is the key's, computed off the main thread.
 * A key that cannot be read, or is of another kind than the algorithm's, gives false. ECDSA signatures are DER.
 */
export async function verifySignature(input: SignatureToVerify): Promise<boolean> {
  const { hash, keyTypes, options } = signatureAlgorithm(input.algorithm);
  const { publicKey } = input;
  const key = publicKey instanceof KeyObject ? publicKey : importPublicKey(publicKey);
  if (key?.asymmetricKeyType === undefined || !keyTypes.includes(key.asymmetricKeyType)) return false;
  if (hash !== null && isLarge(input.data)) {
    const verifier = await updateInSlices(createVerify(hash), input.data);
    try {
      return verifier.verify({ key, ...options }, input.signature);
    } catch {
      // As below.
      return false;
    }
  }
  return new Promise((resolve) => {
    // An error here is OpenSSL's word for a signature or key that cannot fit (wrong length, forbidden hash): not valid.
    verify(hash, input.data, { key, ...options }, input.signature, (error, valid) => resolve(error === null && valid));
  });
}

/** What to hand to `sign(hash, data, { key, ...options }, callback)` of node:crypto for an algorithm. */
export function signingInput(algorithm: SignatureAlgorithmName): {
  readonly hash: string | null;
  readonly options: Readonly<SigningOptions> & { readonly dsaEncoding?: 'der' };
} {
  const { hash, options } = signatureAlgorithm(algorithm);
  return { hash, options };
}
