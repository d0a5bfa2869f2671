import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { CertificateResource } from '@vcc-pki/api';
import { encodePem, parsePem } from '@vcc-pki/asn1';
import { ClientError } from '../client-error.ts';

/**
 * Checks that what came is a certificate for our key and leads to the root that we trust, before it replaces anything.
 * Not a path validation: that is what its users do. It catches a wrong answer while the old pair is still in its place.
 * @throws {@link ClientError} `badAnswer`
 */
export function checkArrived(
  { certificate_pem: certificatePem, chain_pem: chainPem }: CertificateResource,
  keyPem: string,
  trustedPem: string,
): void {
  const [leaf, ...issuers] = certificatesOf(certificatePem + chainPem);
  if (leaf === undefined || !leaf.checkPrivateKey(createPrivateKey(keyPem))) {
    throw new ClientError('badAnswer', 'the certificate that came is not for the key that was made');
  }
  let last = leaf;
  for (const issuer of issuers) {
    if (!isSignedBy(last, issuer)) throw brokenChain();
    last = issuer;
  }
  if (!certificatesOf(trustedPem).some((root) => isSignedBy(last, root))) throw brokenChain();
}

function certificatesOf(pem: string): X509Certificate[] {
  return parsePem(pem)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ der }) => new X509Certificate(encodePem('CERTIFICATE', der)));
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function brokenChain(): ClientError {
  return new ClientError('badAnswer', 'the certificate that came does not lead to the trusted root', {
    advice: 'Check that the root certificate is that of the PKI which the server belongs to.',
  });
}
