import type { KeyObject } from 'node:crypto';
import { type AttributeInput, buildCertificationRequestInfo, encodeName, encodeSigned } from '@vcc-pki/x509';
import { createSoftwareSigner } from './software-signer.ts';

/**
 * Makes a PKCS #10 certificate signing request (RFC 2986 s4) for a private key, signed by it.
 *
 * It asks for no extensions: alternative names go into the members of the API request, so that a refusal can point at one.
 * @param subject attributes of the subject; empty leaves the choice to the CA.
 * @returns DER
 */
export async function signCertificateRequest(
  privateKey: KeyObject,
  subject: readonly AttributeInput[] = [],
): Promise<Uint8Array> {
  const signer = createSoftwareSigner(privateKey);
  const info = buildCertificationRequestInfo({
    subject: encodeName(subject),
    subjectPublicKeyInfo: signer.publicKey,
    extensions: [],
  });
  return encodeSigned(info, signer.signatureAlgorithm, await signer.sign(info));
}
