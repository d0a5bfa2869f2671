import { type KeyObject, X509Certificate } from 'node:crypto';
import { encodePem } from '@vcc-pki/asn1';
import { createSoftwareSigner, generateKey } from '@vcc-pki/signer';
import { buildTbsCertificate, encodeSigned, parseCertificate } from '@vcc-pki/x509';
import type { Identity } from './call-api.ts';

/**
 * Copies a certificate to the letter, serial number, names and extensions, for a key of the forger's. What a forger
 * cannot copy is the issuer's signature.
 * @param signedBy whose key signs: `itself`, or `anotherCa`, which calls itself by the issuer's name.
 */
export async function forgeCertificate(original: string, signedBy: 'itself' | 'anotherCa'): Promise<Identity> {
  const model = parseCertificate(new X509Certificate(original).raw);
  const key = await generateKey('P-256');
  const signer = createSoftwareSigner(signedBy === 'itself' ? key : await generateKey('P-256'));
  const tbs = buildTbsCertificate({
    serialNumber: model.serialNumber,
    signatureAlgorithm: signer.signatureAlgorithm,
    issuer: signedBy === 'itself' ? model.subject.der : model.issuer.der,
    validity: model.validity,
    subject: model.subject.der,
    subjectPublicKeyInfo: createSoftwareSigner(key).publicKey,
    extensions: model.extensions,
  });
  const der = encodeSigned(tbs.der, signer.signatureAlgorithm, await signer.sign(tbs.der));
  return { cert: encodePem('CERTIFICATE', der), key: keyPem(key) };
}

function keyPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
