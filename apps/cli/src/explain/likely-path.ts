import { DerError, equalBytes } from '@vcc-pki/asn1';
import {
  type Certificate,
  type CertificationPathRequest,
  defaultLimits,
  parseCertificate,
  X509Error,
} from '@vcc-pki/x509';
import type { ShownPath } from './judgement.ts';

/**
 * The path that a refused certificate would most likely take, followed by names alone: only to be shown to people, who
 * then see where it ends. Nothing is verified.
 */
export function likelyPath(
  request: Pick<CertificationPathRequest, 'endEntity' | 'intermediates' | 'trustAnchors'>,
): ShownPath {
  const [endEntity] = parseAll([request.endEntity]);
  if (endEntity === undefined) return { certificates: [], isComplete: false };
  const anchors = parseAll(request.trustAnchors);
  const candidates = [...anchors, ...parseAll(request.intermediates)];
  const certificates = [endEntity];
  let last = endEntity;
  while (!anchors.includes(last) && certificates.length <= defaultLimits.maxIntermediates) {
    const issuer = candidates.find((one) => isNamedAsIssuer(one, last) && !certificates.includes(one));
    if (issuer === undefined) break;
    certificates.push(issuer);
    last = issuer;
  }
  return { certificates, isComplete: anchors.includes(last) };
}

/** Times at which a path of that certificate is most likely to have been valid, when it is not at the time asked for. */
export function likelyTimes(endEntity: Uint8Array): readonly number[] {
  return parseAll([endEntity]).flatMap(({ validity: { notBefore, notAfter } }) => [
    notBefore,
    notAfter,
    notBefore + (notAfter - notBefore) / 2,
  ]);
}

/** Whether a certificate names itself as its issuer. */
export function isSelfIssued(certificate: Certificate): boolean {
  return isNamedAsIssuer(certificate, certificate);
}

function isNamedAsIssuer(candidate: Certificate, subject: Certificate): boolean {
  return equalBytes(candidate.subject.der, subject.issuer.der);
}

/** Those that can be parsed; of the others the judge tells. */
function parseAll(certificates: Iterable<Uint8Array>): Certificate[] {
  return [...certificates].flatMap((der) => {
    try {
      return [parseCertificate(der)];
    } catch (error) {
      if (error instanceof DerError || error instanceof X509Error) return [];
      throw error;
    }
  });
}
