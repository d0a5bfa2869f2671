/**
 * Signing keys behind one port, {@link Signer}. {@link writeKeyFile} puts a CA key into an encrypted file and
 * {@link loadKeyFile} takes it out again, as a signer that signs off the main thread.
 *
 * Nothing here writes a CA key in clear, overwrites one, or opens one that others may read, that is cheap to guess, or
 * that is not its certificate's. {@link writeFileAtomically} is there for every other file that must not be half-written.
 *
 * @module
 */

export { type AtomicFile, replaceFilesTogether, writeFileAtomically } from './atomic-file.ts';
export { signCertificateRequest } from './certificate-request.ts';
export { checkSigner } from './check-signer.ts';
export {
  checkDerivation,
  decryptPrivateKey,
  type EncryptedPrivateKey,
  encryptPrivateKey,
  newDerivation,
  parseEncryptedPrivateKey,
} from './encrypted-key.ts';
export { loadKeyFile, openKeyFile, writeKeyFile } from './key-file.ts';
export { generateKey, type KeyType, keyTypes } from './key-type.ts';
export type { KeyDerivation, Pbes2Parameters, Pbkdf2Parameters, ScryptParameters } from './pbes2.ts';
export type { Signer } from './signer.ts';
export { SignerError, type SignerErrorCode } from './signer-error.ts';
export { createSoftwareSigner } from './software-signer.ts';
