import type { Oid } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, signatureAlgorithmOf, X509Error } from '@vcc-pki/x509';

/** Algorithms that are met in old certificates and elsewhere, and that nothing here verifies. */
const unsupportedNames: ReadonlyMap<Oid, string> = new Map([
  // RFC 3279 s2.2
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.10040.4.3', 'dsa-with-sha1'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  // RFC 4055 s3.1 and s5
  ['1.2.840.113549.1.1.10', 'rsassaPss with parameters that are not supported'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  // RFC 5758 s3
  ['2.16.840.1.101.3.4.3.2', 'dsa-with-sha256'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  // RFC 8410 s3, RFC 9925 s3
  ['1.3.101.113', 'Ed448'],
  ['1.3.6.1.5.5.7.6.36', 'unsigned'],
]);

/** What a signature was made with. */
export interface SignatureName {
  readonly name: string;
  /** `weak`: known, and not to be relied on; `unsupported`: not verified here. */
  readonly standing: 'good' | 'weak' | 'unsupported';
}

/** The name of a signature algorithm, its OID when it has none here. */
export function signatureName(identifier: AlgorithmIdentifier): SignatureName {
  const current = nameOf(identifier, false);
  if (current !== undefined) return { name: current, standing: 'good' };
  const legacy = nameOf(identifier, true);
  if (legacy !== undefined) return { name: legacy, standing: 'weak' };
  return { name: unsupportedNames.get(identifier.oid) ?? identifier.oid, standing: 'unsupported' };
}

/** The same for people. */
export function signatureText(identifier: AlgorithmIdentifier): string {
  const { name, standing } = signatureName(identifier);
  if (standing === 'good') return name;
  return standing === 'weak' ? `${name} (too weak to rely on)` : `${name} (not supported)`;
}

function nameOf(identifier: AlgorithmIdentifier, allowLegacy: boolean): string | undefined {
  try {
    return signatureAlgorithmOf(identifier, { allowLegacy });
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}
