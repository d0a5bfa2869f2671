import { encodePem } from '@vcc-pki/asn1';
import type { CertificateMaterial } from '@vcc-pki/client';
import { createSoftwareSigner, generateKey } from '@vcc-pki/signer';
import { buildTbsCertificate, encodeName, encodeSigned, serialFromHex } from '@vcc-pki/x509';

/** A pair that fits, of nobody's PKI: for tests of files alone. */
export async function selfSigned(commonName: string): Promise<CertificateMaterial> {
  const key = await generateKey('P-256');
  const signer = createSoftwareSigner(key);
  const name = encodeName([{ type: 'commonName', value: commonName }]);
  const now = Date.now();
  const { der } = buildTbsCertificate({
    serialNumber: serialFromHex('01'),
    signatureAlgorithm: signer.signatureAlgorithm,
    issuer: name,
    subject: name,
    validity: { notBefore: now, notAfter: now + 3_600_000 },
    subjectPublicKeyInfo: signer.publicKey,
    extensions: [],
  });
  const cert = encodePem('CERTIFICATE', encodeSigned(der, signer.signatureAlgorithm, await signer.sign(der)));
  const keyPem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { cert, key: keyPem, fullchain: cert, rootCa: cert, metadata: '{}' };
}
