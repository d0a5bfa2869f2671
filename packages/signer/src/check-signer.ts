import { equalBytes } from '@vcc-pki/asn1';
import { verifySignature } from '@vcc-pki/x509';
import type { Signer } from './signer.ts';
import { SignerError } from './signer-error.ts';

/** What the trial signature is over; never the form of a certificate or CRL, which start with a SEQUENCE. */
const trial = new TextEncoder().encode('vcc-pki trial signature: is this private key whole?');

/**
 * Checks that a signer is the private half of `publicKey`, by comparing and by one signature: a damaged file can hold
 * the right public key beside a wrong private one.
 *
 * @param publicKey DER SubjectPublicKeyInfo, from the CA certificate.
 * @throws {@link SignerError} `keyMismatch`, or `malformedKey` when its signatures do not verify.
 */
export async function checkSigner(signer: Signer, publicKey: Uint8Array): Promise<void> {
  if (!equalBytes(signer.publicKey, publicKey)) {
    throw new SignerError('keyMismatch', 'the private key is not that of the certificate');
  }
  const signature = await signer.sign(trial).catch((cause: unknown) => {
    // OpenSSL says "no inverse" and the like when the numbers of an RSA key do not belong together.
    throw new SignerError('malformedKey', 'the private key cannot sign', { cause });
  });
  if (await verifySignature({ algorithm: signer.signatureAlgorithm, publicKey, data: trial, signature })) return;
  throw new SignerError('malformedKey', 'the private key does not fit the public key in the same file');
}
