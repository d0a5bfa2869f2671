import type { SignatureAlgorithmName } from '@vcc-pki/x509';

/**
 * A private key that can be used and not seen: a key in memory today, one in a hardware module tomorrow.
 *
 * `sign` may be called again before it has answered; an implementation keeps the event loop free while it works.
 */
export interface Signer {
  /** The public half: DER SubjectPublicKeyInfo, including the outer SEQUENCE. */
  readonly publicKey: Uint8Array;
  /** The one algorithm this key signs with. */
  readonly signatureAlgorithm: SignatureAlgorithmName;
  /** Signs `data` (which is hashed inside) and returns the octets of the X.509 `signatureValue`: for ECDSA the DER `ECDSA-Sig-Value`. */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** Gives the key up; every later `sign` is refused. */
  close(): Promise<void>;
}
