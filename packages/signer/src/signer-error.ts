/**
 * Why a key could not be made, written, opened or used; stable, for `switch`.
 *
 * - `wrongPassphrase`: the passphrase does not open the key, or the encrypted octets are damaged: CBC cannot tell the two apart
 * - `malformedKey`: the file is not an encrypted private key, or what it holds is not a whole, consistent one
 * - `weakEncryption`: the passphrase is empty, or the key derivation costs an attacker too little
 * - `unsupportedAlgorithm`: a key, cipher or derivation that is sound but not one of ours, or out of our bounds
 * - `keyMismatch`: a good key, but not the one that belongs to the certificate
 * - `fileMode`: others than the owner may read or write the file, or it is no regular file
 * - `fileExists`: a file stands where one would be written, and it is left as it is
 * - `signerClosed`: the signer was closed before
 */
export type SignerErrorCode =
  | 'wrongPassphrase'
  | 'malformedKey'
  | 'weakEncryption'
  | 'unsupportedAlgorithm'
  | 'keyMismatch'
  | 'fileMode'
  | 'fileExists'
  | 'signerClosed';

/** A signing key that cannot be had or used. The message names the file where there is one, never a secret. */
export class SignerError extends Error {
  override readonly name = 'SignerError';
  readonly code: SignerErrorCode;

  constructor(code: SignerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
