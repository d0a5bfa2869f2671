import { type Finding, lintCertificateRequest } from '@vcc-pki/lint';
import {
  type CertificateRequest,
  commonName,
  formatName,
  parseCertificateRequest,
  verifyCertificateRequest,
  X509Error,
} from '@vcc-pki/x509';
import { describeExtensions } from './describe-extensions.ts';
import type { Description } from './description.ts';
import { describeKey } from './key-description.ts';
import { signatureName, signatureText } from './signature-name.ts';

/** Lint verifies no signature; here the key that would have made it is at hand. */
const badSignature: Finding = {
  ruleId: 'rfc2986_proof_of_possession',
  source: 'RFC 2986 s3',
  severity: 'error',
  message: 'The signature is not made by the key that a certificate is asked for.',
};

/** Tells what a DER certification request asks for, and what lint says about it. @throws {@link DerError}, {@link X509Error} */
export async function describeRequest(der: Uint8Array): Promise<Description> {
  const request = parseCertificateRequest(der);
  const subject = formatName(request.subject);
  const key = describeKey(request.subjectPublicKeyInfo.der);
  const possession = await provesPossession(request);
  const extensions = describeExtensions(request.extensionRequest);
  const attributes = request.attributes.map(({ type }) => attributeNames[type] ?? type);
  return {
    title: `certificate request ${commonName(request.subject) ?? (subject || 'without a subject')}`,
    facts: [
      ['subject', subject || '(empty)'],
      ['key', key.text],
      ['weakness', key.weakness],
      ['signed with', signatureText(request.signatureAlgorithm)],
      ['proof of possession', possessionText(possession)],
      ['attributes', attributes.join(', ')],
      ['key SHA-256', key.sha256],
    ],
    extensions,
    findings: [...lintCertificateRequest(der), ...(possession === false ? [badSignature] : [])],
    json: {
      kind: 'certificateRequest',
      subject,
      key: key.json,
      signature_algorithm: signatureName(request.signatureAlgorithm),
      proof_of_possession: possession ?? null,
      attributes,
      extensions: extensions.map(({ json }) => json),
    },
  };
}

/** RFC 2985 s5.4 */
const attributeNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.9.14': 'extensionRequest',
  '1.2.840.113549.1.9.7': 'challengePassword',
  '1.2.840.113549.1.9.2': 'unstructuredName',
};

/** `undefined` when the algorithm is not supported. */
async function provesPossession(request: CertificateRequest): Promise<boolean | undefined> {
  try {
    return await verifyCertificateRequest(request);
  } catch (error) {
    if (error instanceof X509Error && error.code === 'unsupportedAlgorithm') return undefined;
    throw error;
  }
}

function possessionText(possession: boolean | undefined): string {
  if (possession === undefined) return 'not verified: the algorithm is not supported';
  return possession ? 'yes, signed by its own key' : 'NO: the signature is not made by this key';
}
