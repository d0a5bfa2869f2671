import { DerError } from '@vcc-pki/asn1';
import { type Finding, lintCertificate, lintCertificateRequest, lintCrl } from '@vcc-pki/lint';
import { parseOcspResponse, X509Error } from '@vcc-pki/x509';
import type { DerKind, PkiObject, UnreadableObject } from '../pki-objects/pki-object.ts';
import { describeCertificate } from './describe-certificate.ts';
import { describeCrl } from './describe-crl.ts';
import { describePrivateKey, describePublicKey } from './describe-keys.ts';
import { describeOcspRequest, describeOcspResponse } from './describe-ocsp.ts';
import { describeRequest } from './describe-request.ts';
import type { Description, DescriptionContext } from './description.ts';

type Describer = (der: Uint8Array, context: DescriptionContext) => Description | Promise<Description>;

interface Row {
  readonly title: string;
  readonly describe: Describer;
  /** For what its parser refuses. */
  readonly lint?: (der: Uint8Array) => Finding[];
}

const rows: Readonly<Record<DerKind, Row>> = {
  certificate: { title: 'certificate', describe: describeCertificate, lint: lintCertificate },
  certificateRequest: { title: 'certificate request', describe: describeRequest, lint: lintCertificateRequest },
  certificateList: { title: 'CRL', describe: describeCrl, lint: lintCrl },
  ocspRequest: { title: 'OCSP request', describe: describeOcspRequest },
  ocspResponse: { title: 'OCSP response', describe: describeOcspResponse },
  publicKey: { title: 'public key', describe: describePublicKey },
};

/** Tells what every object of a file is, the certificates inside of OCSP responses too. Broken ones are described as such. */
export async function describeAll(
  objects: readonly PkiObject[],
  context: DescriptionContext,
): Promise<readonly Description[]> {
  const descriptions: Description[] = [];
  for (const object of objects) {
    descriptions.push(await describeObject(object, context));
    for (const der of certificatesInside(object)) {
      descriptions.push(await describeObject({ kind: 'certificate', der, encoding: 'DER' }, context));
    }
  }
  return descriptions;
}

async function describeObject(object: PkiObject, context: DescriptionContext): Promise<Description> {
  if (object.kind === 'privateKey') return describePrivateKey(object);
  if (object.kind === 'unreadable') return describeUnreadable(object);
  const { title, describe, lint = () => [] } = rows[object.kind];
  try {
    return await describe(object.der, context);
  } catch (error) {
    if (!(error instanceof DerError || error instanceof X509Error)) throw error;
    return {
      title: `${title} that cannot be read`,
      facts: [],
      findings: [unreadable(error.message), ...lint(object.der)],
      json: { kind: object.kind, error: { code: error.code, detail: error.message } },
    };
  }
}

function describeUnreadable({ what, reason }: UnreadableObject): Description {
  return {
    title: `${what} that cannot be read`,
    facts: [],
    findings: [unreadable(reason)],
    json: { kind: 'unreadable', what, error: { code: 'unreadable', detail: reason } },
  };
}

/** What no lint rule says, because there is nothing that rules could be applied to. */
function unreadable(message: string): Finding {
  return { ruleId: 'unreadable', source: 'vcc-pki inspect', severity: 'error', message };
}

function certificatesInside(object: PkiObject): readonly Uint8Array[] {
  if (object.kind !== 'ocspResponse') return [];
  try {
    const response = parseOcspResponse(object.der);
    return response.status === 'successful' ? response.response.certificates : [];
  } catch (error) {
    // Told when the response itself is described.
    if (error instanceof DerError || error instanceof X509Error) return [];
    throw error;
  }
}
