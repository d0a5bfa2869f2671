import { hash } from 'node:crypto';
import { lintCertificate } from '@vcc-pki/lint';
import { commonName, formatName, parseCertificate, serialToDecimal, serialToHex } from '@vcc-pki/x509';
import { timeText, toTimestamp } from '../time-text.ts';
import { describeExtensions } from './describe-extensions.ts';
import type { Description, DescriptionContext } from './description.ts';
import { describeKey } from './key-description.ts';
import { signatureName, signatureText } from './signature-name.ts';
import { isSignedByItself } from './signed-by-itself.ts';

/** Tells what a DER certificate says, and what lint says about it. @throws {@link DerError}, {@link X509Error} */
export async function describeCertificate(der: Uint8Array, { now }: DescriptionContext): Promise<Description> {
  const certificate = parseCertificate(der);
  const { notBefore, notAfter } = certificate.validity;
  const [subject, issuer] = [formatName(certificate.subject), formatName(certificate.issuer)];
  const [serialHex, serialDecimal] = [serialToHex(certificate.serialNumber), serialToDecimal(certificate.serialNumber)];
  const key = describeKey(certificate.subjectPublicKeyInfo.der);
  const isSelfSigned = await isSignedByItself(certificate);
  const [sha256, sha1] = [hash('sha256', der), hash('sha1', der)];
  const extensions = describeExtensions(certificate.extensions);
  return {
    title: `certificate ${commonName(certificate.subject) ?? (subject || 'without a subject')}`,
    facts: [
      ['subject', subject || '(empty)'],
      ['issuer', issuer || '(empty)'],
      ['self-signed', isSelfSigned ? 'yes, by its own key' : undefined],
      ['serial number', serialHex],
      ['serial (decimal)', serialDecimal],
      ['not before', timeText(toTimestamp(notBefore), now)],
      ['not after', timeText(toTimestamp(notAfter), now)],
      ['key', key.text],
      ['weakness', key.weakness],
      ['signed with', signatureText(certificate.signatureAlgorithm)],
      ['version', String(certificate.version)],
      ['SHA-256', sha256],
      ['SHA-1', sha1],
      ['key SHA-256', key.sha256],
    ],
    extensions,
    findings: lintCertificate(der),
    json: {
      kind: 'certificate',
      version: certificate.version,
      subject,
      issuer,
      self_signed: isSelfSigned,
      serial_number: serialHex,
      serial_number_decimal: serialDecimal,
      not_before: toTimestamp(notBefore),
      not_after: toTimestamp(notAfter),
      // The last second counts with its whole length (RFC 5280 s4.1.2.5).
      validity: now < notBefore ? 'not_yet_valid' : now >= notAfter + 1000 ? 'expired' : 'valid',
      key: key.json,
      signature_algorithm: signatureName(certificate.signatureAlgorithm),
      fingerprint_sha256: sha256,
      fingerprint_sha1: sha1,
      extensions: extensions.map(({ json }) => json),
    },
  };
}
