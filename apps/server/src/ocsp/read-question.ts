import { DerError } from '@vcc-pki/asn1';
import {
  type CertId,
  type Extension,
  type OcspRequest,
  ocspExtensionId,
  parseOcspRequest,
  X509Error,
} from '@vcc-pki/x509';
import { OcspRefusal } from './ocsp-refusal.ts';

/** What a request asks. */
export interface OcspQuestion {
  /** At least one. */
  readonly certIds: readonly CertId[];
  /** To be repeated in the answer (RFC 9654 s2.1). */
  readonly nonce: Uint8Array | undefined;
}

/** RFC 9919 s3.1.1 allows one; a chain has a few. Each costs a look-up, and all together one signature. */
const maxCertIds = 10;

/** id-pkix-ocsp-response (RFC 6960 s4.4.3): which types of answer are understood; there is one, and we give it. */
const acceptableResponses = '1.3.6.1.5.5.7.48.1.4';

const understood: ReadonlySet<string> = new Set([ocspExtensionId.nonce, acceptableResponses]);

/**
 * Reads a request. A signature under it is not looked at: what is answered is no secret.
 * @throws {@link OcspRefusal} `malformedRequest`
 */
export function readQuestion(der: Uint8Array): OcspQuestion {
  const { requests, extensions, nonce } = parse(der);
  if (requests.length > maxCertIds) {
    throw new OcspRefusal('malformedRequest', `asks about ${requests.length} certificates, at most ${maxCertIds}`);
  }
  checkCritical(extensions);
  for (const request of requests) checkCritical(request.extensions);
  return { certIds: requests.map(({ certId }) => certId), nonce };
}

function parse(der: Uint8Array): OcspRequest {
  try {
    return parseOcspRequest(der);
  } catch (error) {
    if (!(error instanceof DerError || error instanceof X509Error)) throw error;
    throw new OcspRefusal('malformedRequest', error.message, { cause: error });
  }
}

/** RFC 6960 s4.1.2: what is critical and not understood must not be ignored. */
function checkCritical(extensions: readonly Extension[]): void {
  const unknown = extensions.find(({ critical, id }) => critical && !understood.has(id));
  if (unknown !== undefined) throw new OcspRefusal('malformedRequest', `${unknown.id} is critical and not known here`);
}
