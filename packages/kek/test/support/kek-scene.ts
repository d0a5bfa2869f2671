import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  buildTbsCertificate,
  type Extension,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeName,
  encodeSigned,
  encodeSubjectAltName,
  extensionId,
  kekKeyPurposeId,
  keyPurposeId,
  serialFromHex,
} from '@vcc-pki/x509';
import { deriveKek, encodeKekFacts, type KekIdentity, kekFactsExtensionId, kekUri } from '../../src/index.ts';

/** When the scene is set. */
export const now = Date.UTC(2026, 10, 28);
const day = 86_400_000;

const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuerName = encodeName([{ type: 'commonName', value: 'Scene CA' }]);

/** Signs a certificate for a key with the scene's CA. */
function certify(publicKey: Uint8Array, extensions: readonly Extension[]): Uint8Array {
  const tbs = buildTbsCertificate({
    serialNumber: serialFromHex(`40${randomBytes(8).toString('hex')}`),
    signatureAlgorithm: 'ecdsa-with-SHA256',
    issuer: issuerName,
    validity: { notBefore: now - day, notAfter: now + day },
    subject: encodeName([{ type: 'commonName', value: 'scene' }]),
    subjectPublicKeyInfo: new Uint8Array(publicKey),
    extensions,
  });
  return encodeSigned(tbs.der, 'ecdsa-with-SHA256', sign('sha256', tbs.der, issuer.privateKey));
}

/** What may be put into a KEK certificate instead of what belongs there. */
export interface KekCertificateFlaws {
  readonly extensions?: readonly Extension[];
  readonly publicKey?: Uint8Array;
}

/** The extensions of a proper KEK certificate. */
export function kekExtensions(identity: KekIdentity): Extension[] {
  const { line, version } = identity;
  const facts = { lineId: 7, version, notBeforeWrite: now - day, notAfterWrite: now + day };
  return [
    { id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(['keyAgreement']) },
    { id: extensionId.extKeyUsage, critical: true, value: encodeExtKeyUsage([kekKeyPurposeId]) },
    {
      id: extensionId.subjectAltName,
      critical: false,
      value: encodeSubjectAltName([{ type: 'uniformResourceIdentifier', value: kekUri({ line, version }) }]),
    },
    { id: kekFactsExtensionId, critical: false, value: encodeKekFacts(facts) },
  ];
}

/** A seed and the certificate of the KEK that it makes. */
export async function makeKek(
  identity: KekIdentity,
  flaws: KekCertificateFlaws = {},
): Promise<{ seed: Uint8Array; certificate: Uint8Array }> {
  const seed = new Uint8Array(randomBytes(32));
  const { kexPublicKey } = await deriveKek(seed, identity);
  const certificate = certify(flaws.publicKey ?? kexPublicKey, flaws.extensions ?? kekExtensions(identity));
  return { seed, certificate };
}

/** A service with its key and certificate. */
export function makeService(keys: { publicKey: KeyObject; privateKey: KeyObject }) {
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' });
  const certificate = certify(publicKey, [
    { id: extensionId.extKeyUsage, critical: false, value: encodeExtKeyUsage([keyPurposeId.clientAuth]) },
  ]);
  return { certificate, privateKey: keys.privateKey };
}
