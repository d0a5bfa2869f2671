import { equalBytes } from '@vcc-pki/asn1';
import { type Certificate, signatureAlgorithmOf, verifySignature, X509Error } from '@vcc-pki/x509';

/** Whether a certificate is signed by its own key, as roots are. Whether to trust it is quite another question. */
export async function isSignedByItself(certificate: Certificate): Promise<boolean> {
  if (!equalBytes(certificate.issuer.der, certificate.subject.der)) return false;
  try {
    return await verifySignature({
      // Whose it is shows also when the algorithm is too weak to rely on.
      algorithm: signatureAlgorithmOf(certificate.signatureAlgorithm, { allowLegacy: true }),
      publicKey: certificate.subjectPublicKeyInfo.der,
      data: certificate.tbsDer,
      signature: certificate.signature,
    });
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}
