import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What the files of a certificate hold, by the names of `CertificatePaths`. */
export interface CertificateMaterial {
  readonly cert: string;
  readonly key: string;
  readonly fullchain: string;
  readonly rootCa: string;
  readonly metadata: string;
}

/** Whether a parsed value is complete. */
export function isMaterial(value: unknown): value is CertificateMaterial {
  if (typeof value !== 'object' || value === null) return false;
  const { cert, key, fullchain, rootCa, metadata } = value as Record<keyof CertificateMaterial, unknown>;
  return [cert, key, fullchain, rootCa, metadata].every((member) => typeof member === 'string');
}

/** Whether a certificate and a private key belong together; what cannot be parsed does not. */
export function isPair(certificatePem: string | undefined, keyPem: string | undefined): boolean {
  if (certificatePem === undefined || keyPem === undefined) return false;
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    // Damaged, or no certificate at all: no pair.
    return false;
  }
}
