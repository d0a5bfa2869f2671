import { createHash, X509Certificate } from 'node:crypto';
import type { RenewalInfo } from '@vcc-pki/api';
import type { StoredPair } from '../files/certificate-files.ts';

/** The certificate of this service as it is in use: PEM for TLS, facts for people. */
export interface KeptCertificate {
  /** Undefined for a certificate that was put there by other means. */
  readonly certificateId: string | undefined;
  readonly certificatePem: string;
  /** Leaf first, without the root: what a TLS server or client sends. */
  readonly fullchainPem: string;
  readonly keyPem: string;
  /** The roots that peers are verified against. */
  readonly caPem: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the certificate in DER, lower-case hex. */
  readonly fingerprintSha256: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
}

/** What was stored, taken apart. */
export function keptCertificate(pair: StoredPair, caPem: string): KeptCertificate {
  const certificate = new X509Certificate(pair.certificatePem);
  return {
    certificateId: factsOf(pair)?.certificate_id,
    certificatePem: pair.certificatePem,
    fullchainPem: pair.fullchainPem,
    keyPem: pair.keyPem,
    caPem,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    fingerprintSha256: createHash('sha256').update(certificate.raw).digest('hex'),
    serialNumber: certificate.serialNumber.toLowerCase(),
  };
}

/** What the server said when it issued the certificate, as far as it is used here. */
export interface StoredFacts {
  /** Origin of the server that issued it. */
  readonly server?: string;
  readonly certificate_id?: string;
  readonly fingerprint_sha256?: string;
  readonly renewal_info?: RenewalInfo;
}

/** What the server said when it issued the certificate; undefined when that is of another certificate, or damaged. */
export function factsOf({ metadata, certificatePem }: StoredPair): StoredFacts | undefined {
  if (metadata === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(metadata);
  } catch {
    // It is a convenience: whoever keeps the certificate asks the server instead.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const facts = value as StoredFacts;
  const fingerprint = createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('hex');
  return facts.fingerprint_sha256 === fingerprint ? facts : undefined;
}
