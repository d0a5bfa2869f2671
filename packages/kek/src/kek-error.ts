/**
 * What is wrong with a KEK or its delivery. `badRequest`: a delivery request that is malformed, too old, replayed or of
 * another signer. `badCertificate`: a certificate that is no KEK's. `badDelivery`: a delivery that does not open, for
 * this key, certificate and nonce; never a reason to try again.
 */
export type KekErrorCode = 'badRequest' | 'badCertificate' | 'badDelivery' | 'badPublicKey';

/** A refusal with a stable code; its message never holds octets of a key. */
export class KekError extends Error {
  override readonly name = 'KekError';
  readonly code: KekErrorCode;

  constructor(code: KekErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
