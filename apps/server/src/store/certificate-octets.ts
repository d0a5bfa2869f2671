import { PkiError } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { assembleCertificate } from '@vcc-pki/x509';
import type { CertificateRecord } from './certificate-record.ts';

/**
 * What of a certificate the ledger keeps. What is signed is written once, before it is: a row in which the whole
 * certificate took its place grew, and two filled a page that holds three.
 */
type CertificateParts = Pick<CertificateRecord, 'tbsDer' | 'signature'>;

/** The certificate in DER; `undefined` for what was never issued. */
export function certificateDer({ tbsDer, signature }: CertificateParts): Uint8Array | undefined {
  return tbsDer === null || signature === null ? undefined : assembleCertificate(tbsDer, signature);
}

/** The certificate in PEM; `undefined` for what was never issued. */
export function certificatePem(parts: CertificateParts): string | undefined {
  const der = certificateDer(parts);
  return der === undefined ? undefined : encodePem('CERTIFICATE', der);
}

/** The certificate in DER of what must have been issued. @throws PkiError `serverInternal` when it was not. */
export function issuedDer(parts: CertificateParts & Pick<CertificateRecord, 'certificateId'>): Uint8Array {
  const der = certificateDer(parts);
  if (der === undefined) throw new PkiError('serverInternal', `${parts.certificateId} was never issued`);
  return der;
}

/** The same in PEM. @throws PkiError as {@link issuedDer}. */
export function issuedPem(parts: CertificateParts & Pick<CertificateRecord, 'certificateId'>): string {
  return encodePem('CERTIFICATE', issuedDer(parts));
}
